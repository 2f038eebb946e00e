import { changesOf, type RegisterChange } from '../../../shared/domain/registerChanges.ts';
import {
  afterSeeing,
  entityDigest,
  MAX_CODE_LENGTH,
  type SeenEntity,
  storableEntity,
} from '../../../shared/domain/registerEntity.ts';
import type { Db } from '../../platform/database/index.ts';
import type { WriteContext } from '../../platform/runs/index.ts';
import {
  type ChangedEntity,
  entityOf,
  type EntityScope,
  knownRows,
  type KnownRow,
  meetKnown,
  type MetRow,
  withKindLock,
  writeChanges,
  writeEntities,
} from './store.ts';

/** How a walk stores what it meets. */
export interface StoreScope extends EntityScope {
  /** False for the first inventory of a register: that it has entities is no change. */
  readonly recordChanges: boolean;
  /** The answer was of single entities that were asked for their details: they count as refreshed, and it brings back none that is gone. */
  readonly areDetails?: boolean;
}

/** Entities a statement. */
const BATCH = 1000;

/**
 * Stores what a register says of some entities, with the changes that it amounts to, in the caller's transaction; gives
 * how many were new, changed or back. The same answer again changes nothing. Of two rows with one code the later counts;
 * rows without a usable code are left out.
 */
export async function storeEntities(
  tx: Db,
  scope: StoreScope,
  rows: readonly SeenEntity[],
  context: WriteContext,
): Promise<number> {
  const seen = [...byCode(rows).values()];
  let changed = 0;
  for (let start = 0; start < seen.length; start += BATCH) {
    changed += await withKindLock(tx, scope, () =>
      storeBatch(tx, scope, seen.slice(start, start + BATCH), context),
    );
  }
  return changed;
}

function byCode(rows: readonly SeenEntity[]): Map<string, SeenEntity> {
  const found = new Map<string, SeenEntity>();
  for (const row of rows) {
    const seen = storableEntity(row);
    if (seen.code === '' || seen.code.length > MAX_CODE_LENGTH) continue;
    const before = found.get(seen.code);
    found.set(seen.code, before === undefined ? seen : together(before, seen));
  }
  return found;
}

function together(before: SeenEntity, after: SeenEntity): SeenEntity {
  return { ...before, ...after, attributes: { ...before.attributes, ...after.attributes } };
}

async function storeBatch(
  tx: Db,
  scope: StoreScope,
  seen: readonly SeenEntity[],
  context: WriteContext,
): Promise<number> {
  const codes = seen.map(({ code }) => code);
  const refreshedAt = scope.areDetails === true ? context.at : undefined;
  const met = new Map((await meetKnown(tx, scope, codes, refreshedAt)).map((row) => [row.code, row]));
  const doubtful = seen.filter((one) => !saysWhatIsKnown(one, met.get(one.code)));
  const wanted = doubtful.map(({ code }) => code).filter((code) => met.has(code));
  const known = new Map((await knownRows(tx, scope, wanted)).map((row) => [row.code, row]));
  const changed: ChangedEntity[] = [];
  const changes: RegisterChange[] = [];
  for (const one of doubtful) {
    const row = known.get(one.code);
    // A walk that goes on beside us may have taken it away since we chose it.
    if (scope.areDetails === true && row?.gone_at !== null) continue;
    const entity = afterSeeing(row === undefined ? undefined : entityOf(row), one);
    const digest = entityDigest(entity);
    if (row?.digest === digest && row.gone_at === null) continue;
    changed.push({
      entity,
      digest,
      seenRunId: row?.seen_run_id ?? scope.runId,
      refreshedAt: row?.refreshed_at ?? refreshedAt ?? null,
    });
    changes.push(...changesFrom(row, entity));
  }
  await writeEntities(tx, scope, changed, context);
  if (scope.recordChanges) await writeChanges(tx, scope, changes, context);
  return changed.length;
}

/** By itself an answer has the digest of what is known: nothing more has to be read to see that nothing changed. */
function saysWhatIsKnown(seen: SeenEntity, row: MetRow | undefined): boolean {
  return row?.gone_at === null && row.digest === entityDigest(afterSeeing(undefined, seen));
}

function changesFrom(row: KnownRow | undefined, after: ChangedEntity['entity']): RegisterChange[] {
  if (row === undefined) return changesOf(null, after);
  return changesOf(entityOf(row), after, { wasGone: row.gone_at !== null });
}
