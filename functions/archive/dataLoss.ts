import type { FileResult } from '../../shared/contract/agents.ts';
import { countText } from '../../shared/domain/age.ts';
import { pathKey, pathKeyHex } from '../../shared/domain/paths.ts';
import { raiseAlert } from '../alerts/index.ts';
import type { Db } from '../platform/database/index.ts';
import type { RunRow, WriteContext } from '../platform/runs/index.ts';
import { vanishedBefore } from './store/runFiles.ts';
import { holdingsOfFiles, type NamedFile } from './store/stateIndex.ts';

/** Names that the alert shows; the run's page has them all. */
const SHOWN_PATHS = 5;

/**
 * Files that vanished from the source and are not in the state index as they were last seen: lost, even when an earlier
 * state of the file is held, or a later one came and was archived. `results` are all that were sent, several of one file
 * too. To be asked before they are stored, so that a message that comes twice tells of each loss once.
 */
export async function lostFiles(
  tx: Db,
  run: { readonly runId: string; readonly jobId: string },
  results: readonly FileResult[],
): Promise<FileResult[]> {
  const vanished = results.filter(({ outcome }) => outcome === 'vanished');
  if (vanished.length === 0) return [];
  const byState = new Map(vanished.map((result) => [stateOf(namedFile(result)), result]));
  const keys = vanished.map(({ path }) => pathKey(path));
  const told = await vanishedBefore(tx, run.runId, keys);
  const held = await holdingsOfFiles(tx, run.jobId, vanished.map(namedFile));
  for (const known of [...told, ...held]) byState.delete(stateOf(known));
  return [...byState.values()];
}

function namedFile({ path, sizeBytes, mtimeMs }: FileResult): NamedFile {
  return { sourceKeyHex: pathKeyHex(path), sizeBytes: sizeBytes ?? 0, mtimeMs: mtimeMs ?? 0 };
}

function stateOf({ sourceKeyHex, sizeBytes, mtimeMs }: NamedFile): string {
  return `${sourceKeyHex} ${String(sizeBytes)} ${String(mtimeMs)}`;
}

/** Opens the job's data-loss alert, or counts on it while that is the same bad hour and nobody took it up (SPEC F14). */
export async function reportLoss(
  tx: Db,
  run: RunRow,
  lost: readonly FileResult[],
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
