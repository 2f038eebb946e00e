import { statSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readFolder } from './readFolder.ts';
import type { ScannedFolder } from './scannedFolder.ts';

/** A folder that could not be read; the rest of the source is scanned all the same. */
export interface UnreadableFolder {
  readonly folder: string;
  readonly error: Error;
}

export type ScanStep = ScannedFolder | UnreadableFolder;

/** The source itself is not there: nothing may be concluded from that (SPEC F16). */
export class SourceMissingError extends Error {
  override readonly name = 'SourceMissingError';
}

/** The scan lets other work through at least this often. */
const TURN_MS = 30;

/**
 * Walks the source folder by folder, siblings in byte order, statting every file. Throws `SourceMissingError` when
 * the source is missing or no folder.
 */
export async function* scanSource(root: string): AsyncGenerator<ScanStep> {
  requireSource(root);
  const waiting = [''];
  let turnAt = performance.now() + TURN_MS;
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const step = readStep(root, folder);
    yield step;
    if ('names' in step)
      for (const name of step.folders.toReversed()) waiting.push(folder === '' ? name : `${folder}/${name}`);
    if (performance.now() < turnAt) continue;
    await nextTurn();
    turnAt = performance.now() + TURN_MS;
  }
}

function requireSource(root: string): void {
  const stat = lookAt(root);
  if (stat?.isDirectory() === true) return;
  throw new SourceMissingError(
    `scanning the source ${root}: ${stat === undefined ? 'it is not there' : 'it is no folder'}; wanted: the folder that the instrument writes to`,
  );
}

function lookAt(root: string) {
  try {
    return statSync(root, { throwIfNoEntry: false });
  } catch (cause) {
    throw new SourceMissingError(`scanning the source ${root}: it cannot be looked at`, { cause });
  }
}

function readStep(root: string, folder: string): ScanStep {
  try {
    return readFolder(root, folder);
  } catch (error) {
    if (folder === '')
      throw new SourceMissingError(`scanning the source ${root}: it cannot be read`, { cause: error });
    return { folder, error: error instanceof Error ? error : new Error(String(error)) };
  }
}
