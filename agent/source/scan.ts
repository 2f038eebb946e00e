import { statSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readFolder } from './readFolder.ts';
import { fingerprintOf, mtimesOf, type ScannedFolder } from './scannedFolder.ts';

/** What to scan, and what is known of it already. */
export interface ScanRequest {
  /** Absolute folder. */
  readonly root: string;
  /** Fingerprints of settled folders: of those that still have theirs only that is told. */
  readonly settled: ReadonlyMap<string, string>;
  /** Whether the times of all files are wanted, for the purge order. */
  readonly wantsTimes: boolean;
}

/** A folder that has to be looked at file by file. */
export interface ChangedFolder extends ScannedFolder {
  readonly fingerprint: string;
}

/** A settled folder that still has its fingerprint. */
export interface UnchangedFolder {
  readonly folder: string;
  readonly unchanged: true;
  /** Source times of its files, when wanted. */
  readonly mtimes: Float64Array | undefined;
}

/** A folder that could not be read; the rest of the source is scanned all the same. */
export interface UnreadableFolder {
  readonly folder: string;
  readonly error: string;
}

export type ScanStep = ChangedFolder | UnchangedFolder | UnreadableFolder;

/** Scans a source; throws `SourceMissingError` when it is missing, no folder, or cannot be read. */
export type ScanSource = (request: ScanRequest) => AsyncIterable<ScanStep>;

/** The source itself is not there: nothing may be concluded from that (SPEC F16). */
export class SourceMissingError extends Error {
  override readonly name = 'SourceMissingError';
}

/** Walks the source folder by folder, siblings in byte order, and stats every file. */
export function* walkSource(request: ScanRequest): Generator<ScanStep> {
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const { step, within } = scanFolder(request, folder);
    waiting.push(...within.toReversed());
    yield step;
  }
}

/** Looks at one folder; `within` are the folders that it holds, in byte order. */
export function scanFolder(
  request: ScanRequest,
  folder: string,
): { readonly step: ScanStep; readonly within: readonly string[] } {
  const scanned = readOrFault(request.root, folder);
  if ('error' in scanned) return { step: scanned, within: [] };
  const within = scanned.folders.map((name) => (folder === '' ? name : `${folder}/${name}`));
  return { step: stepOf(scanned, request), within };
}

function stepOf(scanned: ScannedFolder, { settled, wantsTimes }: ScanRequest): ScanStep {
  const { folder } = scanned;
  const fingerprint = fingerprintOf(scanned);
  if (settled.get(folder) !== fingerprint) return { ...scanned, fingerprint };
  return { folder, unchanged: true, mtimes: wantsTimes ? mtimesOf(scanned) : undefined };
}

function readOrFault(root: string, folder: string): ScannedFolder | UnreadableFolder {
  try {
    return readFolder(root, folder);
  } catch (error) {
    return { folder, error: error instanceof Error ? error.message : String(error) };
  }
}

/** The scan lets other work through at least this often. */
const TURN_MS = 30;

/** Scans in this thread, in turns with other work. */
export const scanHere: ScanSource = async function* scanHere(request) {
  requireSource(request.root);
  let turnAt = performance.now() + TURN_MS;
  for (const step of walkSource(request)) {
    yield requireRoot(request.root, step);
    if (performance.now() < turnAt) continue;
    await nextTurn();
    turnAt = performance.now() + TURN_MS;
  }
};

/** Without the source's own folder nothing is known of it. */
export function requireRoot(root: string, step: ScanStep): ScanStep {
  if (step.folder === '' && 'error' in step)
    throw new SourceMissingError(`scanning the source ${root}: it cannot be read: ${step.error}`);
  return step;
}

/** Throws `SourceMissingError` unless the source is a folder. */
export function requireSource(root: string): void {
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
