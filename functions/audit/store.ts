import type { CheckResult } from '../../shared/contract/audit.ts';
import { forecastPurge } from '../../shared/domain/purgeForecast.ts';
import { type Db, json } from '../platform/database/index.ts';
import { readPeaks, sourceFactsOf } from '../platform/production/index.ts';
import { SUPERSEDED } from '../platform/runs/index.ts';
import type { AuditFacts, JobFacts, RunnerFacts } from './facts.ts';

/** Whose rows are judged; null: every organization's (the CI secret). */
export type Scope = string | null;

const MAX_ROWS = 1000;

export async function readRunners(db: Db, scope: Scope): Promise<RunnerFacts[]> {
  let query = db
    .selectFrom('runners')
    .select(['id', 'name', 'last_heartbeat', 'agent_version', 'active_jobs', 'clock_offset_ms'])
    .where('status', '=', 'active');
  if (scope !== null) query = query.where('organization_id', '=', scope);
  const rows = await query.orderBy('name').orderBy('id').limit(MAX_ROWS).execute();
  return rows.map((row) => ({
    runnerId: row.id,
    name: row.name,
    lastHeartbeatAt: row.last_heartbeat,
    agentVersion: row.agent_version,
    activeJobs: row.active_jobs,
    clockOffsetMs: row.clock_offset_ms,
  }));
}

export async function readJobs(db: Db, scope: Scope, now: Date): Promise<JobFacts[]> {
  let query = db
    .selectFrom('jobs')
    .innerJoin('runners', 'runners.id', 'jobs.runner_id')
    .selectAll('jobs')
    .select('runners.name as runner_name')
    .where('jobs.enabled', '=', true)
    .where('runners.status', '=', 'active');
  if (scope !== null) query = query.where('jobs.organization_id', '=', scope);
  const rows = await query.orderBy('runners.name').orderBy('jobs.name').limit(MAX_ROWS).execute();
  const peaks = await readPeaks(db, now, { organizationId: scope ?? undefined });
  return await Promise.all(
    rows.map(async (row) => ({
      jobId: row.id,
      name: row.name,
      runnerName: row.runner_name,
      kind: row.kind,
      createdAt: row.created_at,
      scheduleSeconds: row.schedule_seconds,
      pausedReason: row.paused_reason,
      sourceCount: row.source_count,
      sourceCap: row.source_cap,
      backlogCount: row.backlog_count,
      latestRun: await latestRun(db, row.id),
      lastGoodRunAt: await lastGoodRunAt(db, row.id),
      forecast: forecastPurge(sourceFactsOf(row, peaks.get(row.id)), now),
    })),
  );
}

async function latestRun(db: Db, jobId: string): Promise<JobFacts['latestRun']> {
  const row = await db
    .selectFrom('sync_runs')
    .select(['id', 'status', 'started_at', 'ended_at', 'last_activity_at'])
    .where('job_id', '=', jobId)
    .where('sync_type', '=', 'file_sync')
    .where((eb) => eb.or([eb('status_reason', 'is', null), eb('status_reason', '<>', SUPERSEDED)]))
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    runId: row.id,
    status: row.status,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    lastActivityAt: row.last_activity_at,
  };
}

async function lastGoodRunAt(db: Db, jobId: string): Promise<Date | null> {
  const row = await db
    .selectFrom('sync_runs')
    .select('ended_at')
    .where('job_id', '=', jobId)
    .where('sync_type', '=', 'file_sync')
    .where('status', 'in', ['complete', 'partial'])
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.ended_at ?? null;
}

/** Runs that count as running without a sign of life since `before`, those that wait on purpose left out. */
export async function readSilentRuns(db: Db, scope: Scope, before: Date): Promise<AuditFacts['silentRuns']> {
  let query = db
    .selectFrom('sync_runs')
    .select(['id', 'last_activity_at'])
    .where('status', '=', 'running')
    .where('last_activity_at', '<', before)
    .where((eb) => eb.or([eb('next_slice_at', 'is', null), eb('next_slice_at', '<', before)]));
  if (scope !== null) query = query.where('organization_id', '=', scope);
  const rows = await query.orderBy('last_activity_at').orderBy('id').limit(100).execute();
  return rows.map((row) => ({ runId: row.id, lastActivityAt: row.last_activity_at }));
}

export async function countClosedAsStale(db: Db, scope: Scope, since: Date): Promise<number> {
  let query = db
    .selectFrom('sync_runs')
    .select((eb) => eb.fn.countAll().as('runs'))
    .where('status', '=', 'stale')
    .where('last_activity_at', '>=', since)
    .where((eb) => eb.or([eb('status_reason', 'is', null), eb('status_reason', '<>', SUPERSEDED)]));
  if (scope !== null) query = query.where('organization_id', '=', scope);
  return Number((await query.executeTakeFirstOrThrow()).runs);
}

export async function readArchivedFiles(
  db: Db,
  scope: Scope,
  since: Date,
): Promise<AuditFacts['archivedFiles']> {
  const archived = (): ReturnType<typeof recent> => recent(db, scope, since);
  const count = await archived()
    .select((eb) => eb.fn.countAll().as('files'))
    .executeTakeFirstOrThrow();
  const bare = await archived()
    .select((eb) => eb.fn.countAll().as('files'))
    .where('sync_run_files.checksum', 'is', null)
    .executeTakeFirstOrThrow();
  const examples = await archived()
    .select('sync_run_files.path')
    .where('sync_run_files.checksum', 'is', null)
    .orderBy('sync_run_files.path_key')
    .limit(20)
    .execute();
  return {
    count: Number(count.files),
    withoutChecksum: Number(bare.files),
    examples: examples.map((row) => row.path),
  };
}

function recent(db: Db, scope: Scope, since: Date) {
  const query = db
    .selectFrom('sync_run_files')
    .innerJoin('sync_runs', 'sync_runs.id', 'sync_run_files.run_id')
    .where('sync_runs.last_activity_at', '>=', since)
    .where('sync_run_files.state', '=', 'archived')
    .where('sync_run_files.updated_at', '>=', since);
  return scope === null ? query : query.where('sync_runs.organization_id', '=', scope);
}

export async function readCriticalAlerts(db: Db, scope: Scope): Promise<AuditFacts['openCriticalAlerts']> {
  let query = db
    .selectFrom('alerts')
    .select(['title', 'class', 'opened_at'])
    .where('severity', '=', 'critical')
    .where('status', '<>', 'resolved');
  if (scope !== null) query = query.where('organization_id', '=', scope);
  const rows = await query.orderBy('opened_at').orderBy('id').limit(100).execute();
  return rows.map((row) => ({ title: row.title, class: row.class, openedAt: row.opened_at }));
}

export interface StoredAudit {
  readonly auditId: string;
  readonly organizationId: string;
  readonly verdict: 'pass' | 'warn' | 'fail' | 'error';
  readonly trigger: string;
  readonly requestedBy: string;
  readonly minVersion: string | null;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly checks: readonly CheckResult[];
}

export async function insertAudit(db: Db, audit: StoredAudit): Promise<void> {
  await db
    .insertInto('audit_results')
    .values({
      id: audit.auditId,
      organization_id: audit.organizationId,
      trigger_kind: audit.trigger,
      requested_by: audit.requestedBy,
      min_version: audit.minVersion,
      verdict: audit.verdict,
      checks_json: json(audit.checks),
      started_at: audit.startedAt,
      finished_at: audit.finishedAt,
    })
    .execute();
}

export async function readAudits(db: Db, scope: Scope, limit: number) {
  let query = db.selectFrom('audit_results').selectAll();
  if (scope !== null) query = query.where('organization_id', '=', scope);
  return await query.orderBy('started_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
}
