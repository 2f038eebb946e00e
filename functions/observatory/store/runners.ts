import { sql } from 'kysely';
import { bySql, type Db } from '../../platform/database/index.ts';
import { runnersInScope, type Scope } from './scope.ts';

const MAX_RUNNERS = 1000;

export async function readRunnerRows(db: Db, scope: Scope) {
  return db
    .selectFrom('runners')
    .leftJoin('runner_groups', 'runner_groups.id', 'runners.group_id')
    .select([
      'runners.id',
      'runners.name',
      'runners.host_name',
      'runner_groups.name as group_name',
      'runners.platform',
      'runners.time_zone',
      'runners.address',
      'runners.status',
      'runners.agent_version',
      'runners.generation',
      'runners.last_heartbeat',
      'runners.active_jobs',
      'runners.azure_files_status',
      'runners.clock_offset_ms',
      'runners.credential_expires_at',
    ])
    .where(runnersInScope(scope))
    .orderBy('runners.name')
    .orderBy('runners.id')
    .limit(MAX_RUNNERS)
    .execute();
}

export type RunnerRow = Awaited<ReturnType<typeof readRunnerRows>>[number];

/** Problems that nobody has resolved, the worst and newest first; a page shows no more. */
const MAX_ALERTS = 200;

export async function readOpenAlerts(db: Db, organizationId: string) {
  const rows = await db
    .selectFrom('alerts')
    .select([
      'id',
      'severity',
      'class',
      'title',
      'detail',
      'status',
      'seen_count',
      'runner_id',
      'job_id',
      'opened_at',
      'last_seen_at',
    ])
    .where('organization_id', '=', organizationId)
    .where('status', 'in', ['open', 'acknowledged'])
    .orderBy('opened_at', 'desc')
    .orderBy('id', 'desc')
    .limit(MAX_ALERTS)
    .execute();
  const rank = { critical: 0, warning: 1, info: 2 };
  return rows.toSorted((a, b) => rank[a.severity] - rank[b.severity]);
}

export type AlertRow = Awaited<ReturnType<typeof readOpenAlerts>>[number];

export async function countPendingAgents(db: Db, organizationId: string, now: Date): Promise<number> {
  const row = await db
    .selectFrom('enrolments')
    .select((eb) => eb.fn.countAll<number>().as('agents'))
    .where('organization_id', '=', organizationId)
    .where('status', '=', 'pending')
    .where('expires_at', '>', now)
    .executeTakeFirstOrThrow();
  return row.agents;
}

/** Files written to the share in each hour since `since`, by runner and hour; files that were there already do not count. */
export async function countArchivedByHour(
  db: Db,
  organizationId: string,
  since: Date,
): Promise<{ runner_id: string | null; hour: number; files: number }[]> {
  const hour = bySql<number>({
    postgres: sql`floor(extract(epoch from (sync_run_files.updated_at - ${since}::timestamptz)) / 3600)::integer`,
    mssql: sql`datediff(second, ${since}, sync_run_files.updated_at) / 3600`,
  });
  const files = db
    .selectFrom('sync_runs')
    .innerJoin('sync_run_files', 'sync_run_files.run_id', 'sync_runs.id')
    .select(['sync_runs.runner_id', hour.as('hour')])
    .where('sync_runs.organization_id', '=', organizationId)
    .where('sync_runs.last_activity_at', '>=', since)
    .where('sync_run_files.state', '=', 'archived')
    .where('sync_run_files.outcome', '<>', 'already_archived')
    .where('sync_run_files.updated_at', '>=', since)
    .as('archived');
  return db
    .selectFrom(files)
    .select((eb) => ['archived.runner_id', 'archived.hour', eb.fn.countAll<number>().as('files')])
    .groupBy(['archived.runner_id', 'archived.hour'])
    .execute();
}
