import { closeSync, fsyncSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { JournaledResult } from './entries.ts';

/** Above this the file becomes `.1`, in the place of the one before it. */
const FULL_BYTES = 1024 * 1024;

/** Writes a result that the server refused to `refused-results.jsonl`, synced. At most two files of about 1 MiB stay. */
export function keepRefused(
  stateFolder: string,
  refused: { readonly result: JournaledResult; readonly reason: string; readonly at: Date },
): void {
  const file = join(stateFolder, 'refused-results.jsonl');
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > FULL_BYTES) renameSync(file, `${file}.1`);
  const { at, reason, result } = refused;
  const { jobId, result: told } = result;
  const handle = openSync(file, 'a', 0o600);
  try {
    writeSync(handle, `${JSON.stringify({ at, reason, jobId, result: told })}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
