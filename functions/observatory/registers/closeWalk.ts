import { changesOf } from '../../../shared/domain/registerChanges.ts';
import type { Db } from '../../platform/database/index.ts';
import type { WriteContext } from '../../platform/runs/index.ts';
import type { Pages, PagesTotal } from '../../workflows/index.ts';
import type { RegisterCycle, VolumeTarget } from './cycle.ts';
import {
  entityOf,
  type EntityScope,
  markGone,
  metSince,
  selectEntities,
  stillUnseen,
  type Walk,
  withKindLock,
  writeChanges,
} from './store.ts';
import { checkSeen } from './volumeCheck.ts';

/** An entity that a full walk did not meet. */
interface Unseen {
  readonly entityType: string;
  readonly code: string;
}

/** Before the first one. */
const START: Unseen = { entityType: '', code: '' };

/** Entities a page. */
const PAGE = 500;

/**
 * Ends full walks that came to their end: what they did not meet is gone, with a `disappeared` each where changes are told of. The volume check
 * comes before the first: it stops the cycle when too few were met, of any target. Step `close_walks`.
 */
export async function closeWalks(
  cycle: RegisterCycle,
  targets: readonly VolumeTarget[],
  { recordChanges = true }: { readonly recordChanges?: boolean } = {},
): Promise<PagesTotal> {
  return await cycle.context.pages('close_walks', pagesOf(cycle, targets, recordChanges), { phase: true });
}

function pagesOf(
  cycle: RegisterCycle,
  targets: readonly VolumeTarget[],
  recordChanges: boolean,
): Pages<Unseen, Unseen> {
  const { db } = cycle.context.services.database;
  const types = targets.flatMap(({ entityTypes }) => entityTypes);
  return {
    first: START,
    fetch: async (after) => {
      if (after.entityType === START.entityType) for (const target of targets) await checkSeen(cycle, target);
      const rows = await nextUnseen(db, cycle, types, after);
      return { rows, next: rows.length < PAGE ? null : (rows.at(-1) ?? null), recordsIn: 0 };
    },
    apply: async (rows, tx, context) => {
      let gone = 0;
      for (const entityType of types) {
        const codes = rows.filter((row) => row.entityType === entityType).map(({ code }) => code);
        gone += await takeAway(tx, { ...cycle, entityType, recordChanges }, codes, context);
      }
      return gone;
    },
  };
}

/** The next page over all types, in the order of the primary key within each. */
async function nextUnseen(
  db: Db,
  cycle: RegisterCycle,
  types: readonly string[],
  after: Unseen,
): Promise<Unseen[]> {
  const found: Unseen[] = [];
  const from = Math.max(0, types.indexOf(after.entityType));
  for (const entityType of types.slice(from)) {
    const rows = await selectEntities(db, { ...cycle, entityType })
      .select('code')
      .where('code', '>', entityType === after.entityType ? after.code : '')
      .where((eb) => eb.not(metSince(eb, cycle)))
      .where('gone_at', 'is', null)
      .orderBy('code')
      .limit(PAGE - found.length)
      .execute();
    found.push(...rows.map(({ code }) => ({ entityType, code })));
    if (found.length >= PAGE) break;
  }
  return found;
}

/** Those that are still unseen, now that nobody else writes. */
async function takeAway(
  tx: Db,
  scope: EntityScope & Walk & { readonly recordChanges: boolean },
  codes: readonly string[],
  context: WriteContext,
): Promise<number> {
  if (codes.length === 0) return 0;
  return withKindLock(tx, scope, async () => {
    const gone = (await stillUnseen(tx, scope, codes)).map(entityOf);
    const goneCodes = gone.map(({ code }) => code);
    await markGone(tx, scope, goneCodes, context.at);
    const changes = gone.flatMap((entity) => changesOf(entity, null));
    if (scope.recordChanges) await writeChanges(tx, scope, changes, context);
    return gone.length;
  });
}
