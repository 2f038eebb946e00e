import type { Selectable } from 'kysely';
import type { Db } from '../../platform/database/index.ts';
import type { JobsTable } from '../../platform/database/tables/fleet.ts';
import { type RunSummaryRow, selectRunSummaries } from '../../platform/runs/index.ts';
import { jobsInScope, type Scope } from './scope.ts';

export type JobRow = Selectable<JobsTable>;

/** More than a page can show. */
const MAX_JOBS = 2000;

export async function readJobRows(db: Db, scope: Scope): Promise<JobRow[]> {
  return db
    .selectFrom('jobs')
    .selectAll()
    .where(jobsInScope(scope))
    .orderBy('name')
    .orderBy('id')
    .limit(MAX_JOBS)
    .execute();
}

export interface Archived {
  readonly files: number;
  readonly bytes: number;
}

/** What the state index holds, by job. */
export async function countArchived(db: Db, scope: Scope): Promise<Map<string, Archived>> {
  const rows = await db
    .selectFrom('jobs')
    .innerJoin('synced_files', 'synced_files.job_id', 'jobs.id')
    .select((eb) => [
      'jobs.id as job_id',
      eb.fn.countAll<number>().as('files'),
      eb.fn.sum<number>('synced_files.size_bytes').as('bytes'),
    ])
    .where(jobsInScope(scope))
    .groupBy('jobs.id')
    .execute();
  return new Map(rows.map((row) => [row.job_id, { files: row.files, bytes: row.bytes }]));
}

/** The newest file sync of each job, by the index on job and start. */
export async function readLatestRuns(db: Db, scope: Scope): Promise<Map<string, RunSummaryRow>> {
  const rows = await selectRunSummaries(db)
    .where('sync_runs.id', 'in', (eb) =>
      eb
        .selectFrom('jobs as scoped')
        .select((inner) =>
          inner
            .selectFrom('sync_runs as newest')
            .select('newest.id')
            .whereRef('newest.job_id', '=', 'scoped.id')
            .where('newest.sync_type', '=', 'file_sync')
            .orderBy('newest.started_at', 'desc')
            .orderBy('newest.id', 'desc')
            .limit(1)
            .as('run_id'),
        )
        .where('scoped.organization_id', '=', scope.organizationId)
        .$if(scope.runnerId !== undefined, (jobs) =>
          jobs.where('scoped.runner_id', '=', scope.runnerId ?? ''),
        ),
    )
    .where('sync_runs.organization_id', '=', scope.organizationId)
    .execute();
  return new Map(rows.flatMap((row) => (row.job_id === null ? [] : [[row.job_id, row] as const])));
}

/** When each job's newest good run ended. */
export async function readLastGood(db: Db, scope: Scope): Promise<Map<string, Date>> {
  const rows = await db
    .selectFrom('jobs')
    .select((eb) => [
      'jobs.id as job_id',
      eb
        .selectFrom('sync_runs')
        .select('sync_runs.ended_at')
        .whereRef('sync_runs.job_id', '=', 'jobs.id')
        .where('sync_runs.sync_type', '=', 'file_sync')
        .where('sync_runs.status', 'in', ['complete', 'partial'])
        .orderBy('sync_runs.started_at', 'desc')
        .orderBy('sync_runs.id', 'desc')
        .limit(1)
        .as('ended_at'),
    ])
    .where(jobsInScope(scope))
    .execute();
  return new Map(rows.flatMap((row) => (row.ended_at === null ? [] : [[row.job_id, row.ended_at] as const])));
}
