import {
  changedCodes,
  type EntityKey,
  longestUnrefreshed,
  type RegisterCycle,
  type SeenRow,
  storeRows,
} from '../../observatory/index.ts';
import { DETAILS_PAGE, fetchDetails } from './details.ts';
import { TRAINING } from './training.ts';

const asDetails = { recordChanges: true, areDetails: true } as const;

/** `training_refresh`: the components whose details are oldest, a number of them a cycle, so that all have their turn. */
export async function refreshTraining(cycle: RegisterCycle): Promise<void> {
  const { services, run } = cycle.context;
  const { db } = services.database;
  const most = services.settings.TGA_REFRESH_COUNT;
  const kinds = { ...cycle, entityTypes: TRAINING.entityTypes };
  await cycle.context.pages<SeenRow, number>(
    'training_refresh',
    {
      first: 0,
      fetch: async (done, activity) => {
        const limit = Math.min(DETAILS_PAGE, most - done);
        const keys = await longestUnrefreshed(db, kinds, { before: run.startedAt, limit });
        const isLast = keys.length < limit || done + limit >= most;
        return {
          rows: await fetchDetails(services, keys, activity),
          next: isLast ? null : done + limit,
        };
      },
      apply: (rows, tx, context) => storeRows(tx, cycle, rows, asDetails, context),
    },
    { phase: true },
  );
}

/** `sync_qual_statuses`: qualifications whose status moved in this cycle get their details at once, so that whoever is told of it finds them. */
export async function syncQualificationStatuses(cycle: RegisterCycle): Promise<void> {
  const { services, run } = cycle.context;
  const { db } = services.database;
  const entityType = 'qualification';
  const wanted = { runId: run.runId, entityType, eventType: 'status_changed' } as const;
  await cycle.context.pages<SeenRow, string>(
    'sync_qual_statuses',
    {
      first: '',
      fetch: async (after, activity) => {
        const codes = await changedCodes(db, wanted, { after, limit: DETAILS_PAGE });
        const keys = codes.map((code): EntityKey => ({ entityType, code }));
        return {
          rows: await fetchDetails(services, keys, activity),
          next: codes.length < DETAILS_PAGE ? null : (codes.at(-1) ?? null),
        };
      },
      apply: (rows, tx, context) => storeRows(tx, cycle, rows, asDetails, context),
    },
    { phase: true },
  );
}
