import type { z } from 'zod';
import type { fileInFlightView, RunFile, RunSummary, stepView } from '../../shared/contract/fleet.ts';
import type { StepRow } from '../platform/runs/index.ts';
import type { InFlightRow, pageOfFiles, RunSummaryRow } from './store/runs.ts';

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

export function inFlightOf(row: InFlightRow): z.infer<typeof fileInFlightView> {
  return {
    runId: row.run_id,
    path: row.path,
    state: row.state === 'uploading' ? 'uploading' : 'waiting',
    sizeBytes: row.size_bytes ?? 0,
    bytesSent: row.bytes_sent,
    attempts: row.attempts,
    error: row.error,
  };
}

export function runFileOf(row: Awaited<ReturnType<typeof pageOfFiles>>['rows'][number]): RunFile {
  return {
    path: row.path,
    outcome: row.outcome,
    state: row.state,
    sizeBytes: row.size_bytes,
    sourceModifiedAt: row.source_mtime_ms === null ? null : instantOf(row.source_mtime_ms),
    archivedPath: row.archived_path,
    checksum: row.checksum,
    attempts: row.attempts,
    error: row.error,
    updatedAt: row.updated_at.toISOString(),
  };
}

/** A source's time as an instant on the wire; one that ISO cannot write with four digits of year is left out. */
export function instantOf(ms: number): string | null {
  const date = new Date(ms);
  const year = date.getUTCFullYear();
  return year >= 0 && year <= 9999 ? date.toISOString() : null;
}
