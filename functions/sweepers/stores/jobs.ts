import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { Db, Schema } from '../../platform/database/index.ts';
import { SUPERSEDED } from '../../platform/runs/index.ts';

const MAX_JOBS = 20_000;

/** Every enabled job of an active runner, of all organizations, with what its runs came to. */
export async function readEnabledJobs(db: Db) {
  return db
    .selectFrom('jobs')
    .innerJoin('runners', 'runners.id', 'jobs.runner_id')
    .selectAll('jobs')
    .select((eb) => [
      'runners.name as runner_name',
      'runners.last_heartbeat',
      ofLatest(eb, 'id', notSuperseded).as('latest_run_id'),
      ofLatest(eb, 'status', notSuperseded).as('latest_status'),
      ofLatest(eb, 'started_at', notSuperseded).as('latest_started_at'),
      ofLatest(eb, 'ended_at', endedByItself).as('last_finished_at'),
      ofLatest(eb, 'ended_at', (run) => run('sync_runs.status', 'in', ['complete', 'partial'])).as(
        'last_good_at',
      ),
    ])
    .where('jobs.enabled', '=', true)
    .where('runners.status', '=', 'active')
    .orderBy('jobs.organization_id')
    .orderBy('runners.name')
    .orderBy('jobs.name')
    .orderBy('jobs.id')
    .limit(MAX_JOBS)
    .execute();
}

export type EnabledJob = Awaited<ReturnType<typeof readEnabledJobs>>[number];

type RunCondition = (eb: ExpressionBuilder<Schema, 'sync_runs'>) => Expression<SqlBool>;

const notSuperseded: RunCondition = (eb) =>
  eb.or([eb('sync_runs.status_reason', 'is', null), eb('sync_runs.status_reason', '<>', SUPERSEDED)]);

const endedByItself: RunCondition = (eb) => eb('sync_runs.status', 'in', ['complete', 'partial', 'failed']);

/** One column of a job's newest file sync that fits, by the index on job, type and start. */
function ofLatest<Column extends 'id' | 'status' | 'started_at' | 'ended_at'>(
  eb: ExpressionBuilder<Schema, 'jobs'>,
  column: Column,
  condition: RunCondition,
) {
  return eb
    .selectFrom('sync_runs')
    .select(`sync_runs.${column}` as const)
    .whereRef('sync_runs.job_id', '=', 'jobs.id')
    .where('sync_runs.sync_type', '=', 'file_sync')
    .where((run) => condition(run as unknown as ExpressionBuilder<Schema, 'sync_runs'>))
    .orderBy('sync_runs.started_at', 'desc')
    .orderBy('sync_runs.id', 'desc')
    .limit(1);
}

/** Jobs whose newest run is alive and has archived a file since then: long, and not stalled. */
export async function jobsThatArchived(
  db: Db,
  runIds: readonly string[],
  since: Date,
): Promise<ReadonlySet<string>> {
  if (runIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('sync_run_files')
    .innerJoin('sync_runs', 'sync_runs.id', 'sync_run_files.run_id')
    .select('sync_runs.job_id')
    .distinct()
    .where('sync_runs.id', 'in', runIds.slice(0, MAX_ASKED))
    .where('sync_runs.status', '=', 'running')
    .where('sync_run_files.state', '=', 'archived')
    .where('sync_run_files.updated_at', '>=', since)
    .execute();
  return new Set(rows.flatMap((row) => (row.job_id === null ? [] : [row.job_id])));
}

/** A statement of SQL Server takes 2,100 parameters. */
const MAX_ASKED = 1000;
