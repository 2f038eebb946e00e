import type { ExpressionBuilder } from 'kysely';
import { databaseNow, type Db, type Schema } from '../../platform/database/index.ts';
import type { RunRow } from '../../platform/runs/index.ts';

/** Of one look. */
const MAX_RUNS = 500;

/** A run that nobody has made good. */
export type OpenRun = Pick<
  RunRow,
  'id' | 'organization_id' | 'sync_type' | 'payload_json' | 'error_tag' | 'status' | 'status_reason'
>;

/**
 * Runs of workflows with a bad end, the newest first, that no later run of the same workflow with the same payload has made
 * good by ending as `complete`.
 */
export async function readOpenRuns(
  db: Db,
  kind: 'failed' | 'doubted',
  since: Date,
): Promise<readonly OpenRun[]> {
  return db
    .selectFrom('sync_runs')
    .select(['id', 'organization_id', 'sync_type', 'payload_json', 'error_tag', 'status', 'status_reason'])
    .where('status', 'in', kind === 'failed' ? ['failed', 'stale'] : ['partial'])
    .where('last_activity_at', '>=', since)
    .where('code_version', 'is not', null)
    .$if(kind === 'doubted', (query) => query.where('doubt', 'is not', null))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('sync_runs as later')
            .select('later.id')
            .whereRef('later.organization_id', '=', 'sync_runs.organization_id')
            .whereRef('later.sync_type', '=', 'sync_runs.sync_type')
            .whereRef('later.started_at', '>', 'sync_runs.started_at')
            .whereRef('later.payload_json', '=', 'sync_runs.payload_json')
            .where('later.status', '=', 'complete'),
        ),
      ),
    )
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(MAX_RUNS)
    .execute();
}

/** Whole rows; at most as many as are told of. */
export async function readWholeRuns(db: Db, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return db.selectFrom('sync_runs').selectAll().where('id', 'in', ids).execute();
}

/** Running runs of workflows; the longest running first. */
export async function readLiveRuns(db: Db) {
  return db
    .selectFrom('sync_runs')
    .select((eb) => [
      'id',
      'organization_id',
      'sync_type',
      'slice_attempts',
      'started_at',
      'progress_at',
      eb.case().when('lease_until', '>', databaseNow()).then(1).else(0).end().as('is_leased'),
    ])
    .where('status', '=', 'running')
    .where('code_version', 'is not', null)
    .orderBy('started_at')
    .orderBy('id')
    .limit(MAX_RUNS)
    .execute();
}

export type LiveRun = Awaited<ReturnType<typeof readLiveRuns>>[number];

/** When a run last began to run: at its start, or when somebody resumed or retried it. */
export async function runningSince(db: Db, run: LiveRun): Promise<Date> {
  const row = await db
    .selectFrom('state_changes')
    .select((eb) => eb.fn.max('created_at').as('at'))
    .where('subject_type', '=', 'run')
    .where('subject_id', '=', run.id)
    .where('new_state', '=', 'running')
    .executeTakeFirst();
  return row?.at ?? run.started_at;
}

/** Running runs with a step that the watchdog gave up on. */
export async function readTimedOutSteps(db: Db) {
  return db
    .selectFrom('sync_steps')
    .innerJoin('sync_runs', 'sync_runs.id', 'sync_steps.run_id')
    .select([
      'sync_runs.id',
      'sync_runs.organization_id',
      'sync_runs.sync_type',
      'sync_steps.step',
      'sync_steps.error',
    ])
    .where('sync_runs.status', '=', 'running')
    .where('sync_runs.code_version', 'is not', null)
    .where('sync_steps.status', '=', 'timed_out')
    .orderBy('sync_runs.id')
    .limit(MAX_RUNS)
    .execute();
}

/** Sliced runs whose next slice has been due since before `dueBefore` while nobody works on it. */
export async function readOverdueRuns(db: Db, dueBefore: Date) {
  return db
    .selectFrom('sync_runs')
    .select(['id', 'organization_id', 'sync_type', 'pointer', 'status', 'next_slice_at'])
    .where(mayBeSent)
    .where('next_slice_at', '<', dueBefore)
    .where((eb) => eb.or([eb('lease_token', 'is', null), eb('lease_until', '<', databaseNow())]))
    .orderBy('next_slice_at')
    .orderBy('id')
    .limit(MAX_RUNS)
    .execute();
}

/** As the dispatch sweeper sees it: a run whose chain broke counts as failed, and has not ended. */
function mayBeSent(eb: ExpressionBuilder<Schema, 'sync_runs'>) {
  return eb.or([
    eb('status', '=', 'running'),
    eb.and([eb('status', '=', 'failed'), eb('ended_at', 'is', null)]),
  ]);
}
