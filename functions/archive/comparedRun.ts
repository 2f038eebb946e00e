import type { ManifestFile } from '../../shared/contract/agents.ts';
import { pathKey } from '../../shared/domain/paths.ts';
import {
  lockRun,
  type RunRow,
  stepsOf,
  type WriteContext,
  writeContext,
  writeStepsOf,
} from '../platform/runs/index.ts';
import type { Db } from '../platform/database/index.ts';
import type { Services } from '../platform/services.ts';
import { addChunk, chunkName, readTally, tallySums } from './compareTally.ts';
import { reviveIfStale, whileReviving } from './liveness.ts';
import type { ListedFolder } from './manifest.ts';
import { refuseClosed } from './ownRun.ts';
import { writeWaiting } from './store/runFiles.ts';
import { storeNeeded } from './store/runs.ts';

/** So many of the needed files are shown as waiting, the next to be uploaded; a row for each would cost more than the compare. */
const SHOWN_WAITING = 100;

export interface Compared {
  readonly listed: readonly ListedFolder[];
  /** Nearest to the purge first. */
  readonly needed: readonly ManifestFile[];
}

/**
 * Notes what a compare asked for: the run lives (again), its figures are those of all its requests. A run that has
 * ended by itself stays as it is; repeating a request counts nothing twice. Throws `run-superseded`.
 */
export async function storeCompared(services: Services, runId: string, compared: Compared): Promise<void> {
  const context = writeContext(services);
  await whileReviving(services, async (tx) => {
    const locked = await lockRun(tx, runId, context);
    const run = await reviveIfStale(tx, locked, 'its agent compared again', context);
    refuseClosed(run);
    if (run.ended_at === null) await storeFigures(tx, run, compared, context);
  });
}

async function storeFigures(
  tx: Db,
  run: RunRow,
  { listed, needed }: Compared,
  context: WriteContext,
): Promise<void> {
  const step = { step: 'compare', kind: 'work', status: 'running' } as const;
  if (listed.length === 0) {
    await writeStepsOf(tx, run, [step], context);
    return;
  }
  const stored = (await stepsOf(tx, run)).find((each) => each.step === step.step);
  const examined = listed.reduce((sum, folder) => sum + (folder.files?.length ?? 0), 0);
  const tally = addChunk(readTally(stored?.cursor_json), chunkName(listed), {
    examined,
    needed: needed.length,
  });
  const sums = tallySums(tally);
  await writeWaiting(
    tx,
    needed.slice(0, SHOWN_WAITING).map((file) => waitingRow(run.id, file, context.at)),
  );
  await storeNeeded(tx, run.id, sums.needed);
  const records = { recordsIn: sums.examined, recordsOut: sums.needed };
  await writeStepsOf(tx, run, [{ ...step, ...records, cursor: tally }], context);
}

function waitingRow(runId: string, file: ManifestFile, at: Date) {
  return {
    run_id: runId,
    path_key: pathKey(file.path),
    path: file.path,
    outcome: 'waiting',
    state: 'waiting' as const,
    size_bytes: file.sizeBytes,
    source_mtime_ms: file.mtimeMs,
    archived_path: null,
    checksum: null,
    bytes_sent: 0,
    attempts: 0,
    error: null,
    updated_at: at,
  };
}
