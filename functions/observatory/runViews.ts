import type { z } from 'zod';
import type { fileInFlightView, RunFile } from '../../shared/contract/fleet.ts';
import type { InFlightRow, pageOfFiles } from './store/runs.ts';

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
