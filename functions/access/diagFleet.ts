import type { diagFleet } from '../../shared/contract/access.ts';
import type { ResponseOf } from '../../shared/contract/endpoint.ts';
import type { Db } from '../platform/database/index.ts';
import type { Services } from '../platform/services.ts';

type DiagFleet = ResponseOf<typeof diagFleet>;

/** The fleet as scripts read it. Without an organization: all of them, which only the CI secret may see. */
export async function readDiagFleet(
  services: Services,
  organizationId: string | undefined,
): Promise<DiagFleet> {
  const { db } = services.database;
  const [runners, totals, archived, lastRuns] = await Promise.all([
    selectRunners(db, organizationId),
    selectJobTotals(db),
    countArchived(db),
    selectLatestRuns(db),
  ]);
  return {
    now: services.now().toISOString(),
    version: services.version,
    runners: runners.map((row) => {
      const lastRun = lastRuns.get(row.runner_id);
      return {
        ...row,
        last_heartbeat: row.last_heartbeat?.toISOString() ?? null,
        backlog_count: totals.get(row.runner_id)?.backlog ?? 0,
        source_count: totals.get(row.runner_id)?.source ?? 0,
        archived_count: archived.get(row.runner_id) ?? 0,
        last_run_status: lastRun?.status ?? null,
        last_run_at: lastRun?.started_at.toISOString() ?? null,
      };
    }),
  };
}

async function selectRunners(db: Db, organizationId: string | undefined) {
  let query = db
    .selectFrom('runners')
    .select([
      'id as runner_id',
      'name',
      'status',
      'agent_version',
      'last_heartbeat',
      'active_jobs',
      'azure_files_status',
    ])
    .orderBy('name');
  if (organizationId !== undefined) query = query.where('organization_id', '=', organizationId);
  return query.execute();
}

interface JobTotals {
  readonly runner_id: string;
  readonly backlog: number | null;
  readonly source: number | null;
}

async function selectJobTotals(db: Db): Promise<Map<string, JobTotals>> {
  const rows: JobTotals[] = await db
    .selectFrom('jobs')
    .select((eb) => [
      'runner_id',
      eb.fn.sum<number | null>('backlog_count').as('backlog'),
      eb.fn.sum<number | null>('source_count').as('source'),
    ])
    .groupBy('runner_id')
    .execute();
  return new Map(rows.map((row) => [row.runner_id, row]));
}

async function countArchived(db: Db): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('synced_files')
    .innerJoin('jobs', 'jobs.id', 'synced_files.job_id')
    .select((eb) => ['jobs.runner_id as runner_id', eb.fn.countAll<number>().as('count')])
    .groupBy('jobs.runner_id')
    .execute();
  return new Map(rows.map((row) => [row.runner_id, row.count]));
}

interface LatestRun {
  readonly runner_id: string;
  readonly status: string;
  readonly started_at: Date;
}

/** The newest file sync of each job by its index, then the newest of each runner. */
async function selectLatestRuns(db: Db): Promise<Map<string, LatestRun>> {
  const rows: LatestRun[] = await db
    .selectFrom('jobs')
    .innerJoin('sync_runs', 'sync_runs.job_id', 'jobs.id')
    .select([
      'jobs.runner_id as runner_id',
      'sync_runs.status as status',
      'sync_runs.started_at as started_at',
    ])
    .where('sync_runs.sync_type', '=', 'file_sync')
    .where('sync_runs.started_at', '=', (eb) =>
      eb
        .selectFrom('sync_runs as newest')
        .select((inner) => inner.fn.max('newest.started_at').as('started_at'))
        .whereRef('newest.job_id', '=', 'jobs.id')
        .where('newest.sync_type', '=', 'file_sync'),
    )
    .execute();
  const latest = new Map<string, LatestRun>();
  for (const row of rows) {
    const known = latest.get(row.runner_id);
    if (known === undefined || known.started_at < row.started_at) latest.set(row.runner_id, row);
  }
  return latest;
}
