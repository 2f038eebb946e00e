import type { ExpressionBuilder } from 'kysely';
import { databaseNow, type Db, json, type Schema } from '../../platform/database/index.ts';
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
 * good by ending as `complete`; whether it was to accept a fall is no difference, as that is the remedy for a walk that stopped at one.
 */
export async function readOpenRuns(
  db: Db,
  kind: 'failed' | 'doubted',
  since: Date,
): Promise<readonly OpenRun[]> {
  const open = await db
    .selectFrom('sync_runs')
    .select(['id', 'organization_id', 'sync_type', 'payload_json', 'error_tag', 'status', 'status_reason'])
    .select('started_at')
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
  return await withoutTwins(db, open);
}

/** Without those that a later run has made good whose payload differs in `acceptFall` only. */
async function withoutTwins<Run extends OpenRun & { readonly started_at: Date }>(
  db: Db,
  open: readonly Run[],
): Promise<readonly Run[]> {
  const groups = Map.groupBy(open, (run) =>
    JSON.stringify([run.organization_id, run.sync_type, run.payload_json]),
  );
  const madeGood = new Set<Run>();
  for (const runs of groups.values()) {
    const goodAt = await twinCompletedAt(db, runs);
    for (const run of runs) if (goodAt !== undefined && run.started_at < goodAt) madeGood.add(run);
  }
  return open.filter((run) => !madeGood.has(run));
}

/** When the newest complete run of the same workflow began that has the other `acceptFall`; undefined: there is none, or can be none. */
async function twinCompletedAt(db: Db, [run]: readonly OpenRun[]): Promise<Date | undefined> {
  const twin = twinOf(run?.payload_json);
  if (run === undefined || twin === undefined) return undefined;
  const newest = await db
    .selectFrom('sync_runs')
    .select('started_at')
    .where('organization_id', '=', run.organization_id)
    .where('sync_type', '=', run.sync_type)
    .where('payload_json', '=', json(twin))
    .where('status', '=', 'complete')
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return newest?.started_at;
}

function twinOf(payload: unknown): unknown {
  const isWalk = typeof payload === 'object' && payload !== null && 'acceptFall' in payload;
  return isWalk ? { ...payload, acceptFall: payload.acceptFall !== true } : undefined;
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
