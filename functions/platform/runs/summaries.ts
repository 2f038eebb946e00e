import type { z } from 'zod';
import type { RunSummary, stepView } from '../../../shared/contract/fleet.ts';
import type { Db } from '../database/index.ts';
import type { StepRow } from './stepRows.ts';

/** What a summary of a run needs, with the names of its job and runner. */
export function selectRunSummaries(db: Db) {
  return db
    .selectFrom('sync_runs')
    .leftJoin('jobs', 'jobs.id', 'sync_runs.job_id')
    .leftJoin('runners', 'runners.id', 'sync_runs.runner_id')
    .select([
      'sync_runs.id',
      'sync_runs.sync_type',
      'sync_runs.job_id',
      'jobs.name as job_name',
      'sync_runs.runner_id',
      'runners.name as runner_name',
      'sync_runs.correlation_id',
      'sync_runs.status',
      'sync_runs.status_reason',
      'sync_runs.trigger_kind',
      'sync_runs.triggered_by',
      'sync_runs.started_at',
      'sync_runs.ended_at',
      'sync_runs.last_activity_at',
      'sync_runs.files_examined',
      'sync_runs.files_needed',
      'sync_runs.files_archived',
      'sync_runs.files_skipped',
      'sync_runs.files_failed',
      'sync_runs.bytes_archived',
      'sync_runs.records_in',
      'sync_runs.records_out',
      'sync_runs.error_tag',
      'sync_runs.code_version',
    ]);
}

export type RunSummaryRow = Awaited<ReturnType<ReturnType<typeof selectRunSummaries>['execute']>>[number];

/** One run of an organization, with payload and result; undefined: it has none of that id. */
export async function findRun(db: Db, organizationId: string, runId: string) {
  return selectRunSummaries(db)
    .select(['sync_runs.payload_json', 'sync_runs.result_json'])
    .where('sync_runs.id', '=', runId)
    .where('sync_runs.organization_id', '=', organizationId)
    .executeTakeFirst();
}

/** A run as every page shows it. */
export function runSummaryOf(row: RunSummaryRow): RunSummary {
  return {
    runId: row.id,
    syncType: row.sync_type,
    jobId: row.job_id,
    jobName: row.job_name,
    runnerId: row.runner_id,
    runnerName: row.runner_name,
    correlationId: row.correlation_id,
    status: row.status,
    statusReason: row.status_reason,
    trigger: row.trigger_kind,
    triggeredBy: row.triggered_by,
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    lastActivityAt: row.last_activity_at.toISOString(),
    filesExamined: row.files_examined,
    filesNeeded: row.files_needed,
    filesArchived: row.files_archived,
    filesSkipped: row.files_skipped,
    filesFailed: row.files_failed,
    bytesArchived: row.bytes_archived,
    recordsIn: row.records_in,
    recordsOut: row.records_out,
    errorTag: row.error_tag,
    isWorkflow: row.code_version !== null,
  };
}

export function stepViewOf(row: StepRow): z.infer<typeof stepView> {
  return {
    step: row.step,
    kind: row.kind,
    status: row.status,
    seq: row.seq,
    triggeredBy: row.triggered_by,
    attempts: row.attempts,
    recordsIn: row.records_in,
    recordsOut: row.records_out,
    error: row.error,
    result: row.result_json,
    startedAt: row.started_at?.toISOString() ?? null,
    completedAt: row.completed_at?.toISOString() ?? null,
  };
}
