import { createHash } from 'node:crypto';
import type { FileResult } from '../../shared/contract/agents.ts';
import { countText } from '../../shared/domain/age.ts';
import { pathKey, pathKeyHex } from '../../shared/domain/paths.ts';
import { raiseAlert } from '../alerts/index.ts';
import type { Db } from '../platform/database/index.ts';
import type { RunRow, WriteContext } from '../platform/runs/index.ts';
import { keepLosses, lossesBehindLaterStates, type LostFileRow } from './store/lostFiles.ts';
import { type RunFileRow, writeOutcomes } from './store/runFiles.ts';
import { holdingsOfFiles, type NamedFile } from './store/stateIndex.ts';

/** Names that the alert shows; the run's page has them all. */
const SHOWN_PATHS = 5;

/**
 * Records files that vanished from the source and are not in the state index as they were last seen: lost, even when an
 * earlier state of the file is held, or a later one came and was archived. `results` are all that were sent, several of one
 * file too. Gives those of which nobody was told before: a message that comes twice, also under another run, tells of each
 * loss once.
 */
export async function recordLosses(
  tx: Db,
  sync: { readonly runId: string; readonly jobId: string },
  results: readonly FileResult[],
  at: Date,
): Promise<LostFileRow[]> {
  const vanished = results.filter(({ outcome }) => outcome === 'vanished');
  if (vanished.length === 0) return [];
  const byState = new Map(vanished.map((result) => [stateOf(namedFile(result)), result]));
  const held = await holdingsOfFiles(tx, sync.jobId, vanished.map(namedFile));
  for (const known of held) byState.delete(stateOf(known));
  if (byState.size === 0) return [];
  const rows = [...byState].map(([state, { path, sizeBytes, mtimeMs }]) => ({
    job_id: sync.jobId,
    state_key: createHash('sha256').update(`lost state\0${state}`).digest(),
    path_key: pathKey(path),
    path,
    size_bytes: sizeBytes,
    source_mtime_ms: mtimeMs,
    run_id: sync.runId,
    lost_at: at,
  }));
  return keepLosses(tx, sync.runId, rows);
}

function namedFile({ path, sizeBytes, mtimeMs }: FileResult): NamedFile {
  return { sourceKeyHex: pathKeyHex(path), sizeBytes: sizeBytes ?? 0, mtimeMs: mtimeMs ?? 0 };
}

function stateOf({ sourceKeyHex, sizeBytes, mtimeMs }: NamedFile): string {
  return `${sourceKeyHex} ${String(sizeBytes)} ${String(mtimeMs)}`;
}

/**
 * A file has one row in its run, that of its latest state. A lost state behind it gets a row of its own, so that the run's
 * page lists it and the run counts it as failed. To be called once the results are stored.
 */
export async function listHiddenLosses(tx: Db, runId: string, at: Date): Promise<void> {
  const hidden = await lossesBehindLaterStates(tx, runId);
  await writeOutcomes(
    tx,
    hidden.map((lost) => rowOfState(lost, at)),
  );
}

function rowOfState(
  { run_id, state_key, path, size_bytes, source_mtime_ms }: LostFileRow,
  at: Date,
): RunFileRow {
  return {
    run_id,
    path_key: state_key,
    path,
    outcome: 'vanished',
    state: 'failed',
    size_bytes,
    source_mtime_ms,
    archived_path: null,
    checksum: null,
    bytes_sent: 0,
    attempts: 0,
    error: 'gone before it was archived; a later file has its name',
    updated_at: at,
  };
}

/** Opens the job's data-loss alert, or counts on it while that is the same bad hour and nobody took it up (SPEC F14). */
export async function reportLoss(
  tx: Db,
  run: RunRow,
  lost: readonly LostFileRow[],
  context: WriteContext,
): Promise<void> {
  if (lost.length === 0 || run.job_id === null) return;
  const shown = lost.slice(0, SHOWN_PATHS).map((result) => result.path);
  const more = lost.length - shown.length;
  const names = more > 0 ? `${shown.join(', ')} and ${String(more)} more` : shown.join(', ');
  await raiseAlert(
    tx,
    {
      organizationId: run.organization_id,
      fingerprint: `data-loss:${run.job_id}`,
      severity: 'critical',
      class: 'data_loss',
      title: `Files of job ${run.job_id} were deleted from the source before they were archived`,
      detail: `Run ${run.id} found ${countText(lost.length, 'file')} gone that the archive does not hold: ${names}. Look whether the instrument or a person has copies, and why the archive was behind.`,
      runnerId: run.runner_id,
      jobId: run.job_id,
      runbook: 'data-loss',
      occurrences: lost.length,
    },
    context,
  );
}
