import { z } from 'zod';
import {
  type EntityKey,
  readRegisterCursor,
  type RegisterCycle,
  registerCycle,
  type SeenRow,
  storeRows,
  tellBatchEnd,
  wantingDetails,
  writeRegisterCursor,
} from '../../observatory/index.ts';
import type { FetchedPage, Workflow } from '../../workflows/index.ts';
import { DETAILS_PAGE, fetchDetails } from '../tga/details.ts';
import { ORGS } from '../tga/organisation.ts';
import { TGA } from '../tga/tga.ts';
import { TRAINING } from '../tga/training.ts';

const STEP = 'enrich_batch';
const ENTITY_TYPES = [...ORGS.entityTypes, ...TRAINING.entityTypes];
const START: EntityKey = { entityType: '', code: '' };

interface BatchCursor {
  /** Undefined: this is the first page, which looks up where the run before ended. */
  readonly after?: EntityKey;
  readonly done: number;
}

const payload = z.object({});

/**
 * Fetches details of entities that have none, or changed since: a batch a run, going on where the run before ended, and from the start
 * again when nothing is left there.
 */
const workflow: Workflow<z.infer<typeof payload>> = {
  name: 'enrich_sync',
  summary: 'Fetches the details of organisations and training components that have none yet, or changed.',
  payload,
  exclusive: true,
  schedule: '0 30 * * * *',
  expectedMinutes: 60,
  volume: 'delta',
  onEnd: tellBatchEnd,
  needs: ['TGA_API_URL'],
  run: async (context) => {
    await context.seed([STEP]);
    const cycle = registerCycle(context, TGA, { acceptFall: false });
    return await context.pages<SeenRow, BatchCursor>(
      STEP,
      {
        first: { done: 0 },
        fetch: async ({ after, done }, activity) => {
          const keys = await nextKeys(cycle, after);
          const rows = await fetchDetails(context.services, keys, activity);
          return { rows, ...goOn(keys, done, context.services.settings.ENRICH_COUNT) };
        },
        apply: async (rows, tx, write) => {
          const changed = await storeRows(tx, cycle, rows, { recordChanges: true, areDetails: true }, write);
          const last = rows.at(-1);
          if (last !== undefined) await writeRegisterCursor(tx, { ...cycle, name: STEP }, keyOf(last), write);
          return changed;
        },
      },
      { phase: true },
    );
  },
};
export const enrichSync: Workflow = workflow;

/** Only the first page of a run begins from the start again: so a run comes to its end. */
async function nextKeys(cycle: RegisterCycle, after: EntityKey | undefined): Promise<EntityKey[]> {
  const { db } = cycle.context.services.database;
  const kinds = { ...cycle, entityTypes: ENTITY_TYPES };
  const from = after ?? ((await readRegisterCursor(db, { ...cycle, name: STEP })) as EntityKey | undefined);
  const keys = await wantingDetails(db, kinds, { after: from ?? START, limit: DETAILS_PAGE });
  if (keys.length > 0 || after !== undefined) return keys;
  return wantingDetails(db, kinds, { after: START, limit: DETAILS_PAGE });
}

function goOn(
  keys: readonly EntityKey[],
  before: number,
  most: number,
): Omit<FetchedPage<SeenRow, BatchCursor>, 'rows'> {
  const done = before + keys.length;
  if (done === 0) return { next: null, idle: 'every entity has its details' };
  const last = keys.at(-1);
  const isLast = last === undefined || keys.length < DETAILS_PAGE || done >= most;
  return { next: isLast ? null : { after: keyOf(last), done } };
}

function keyOf({ entityType, code }: EntityKey): EntityKey {
  return { entityType, code };
}
