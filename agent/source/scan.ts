import { statSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pathIn } from '../../shared/domain/relativePath.ts';
import { type DirectoryFacts, directoryFacts, showsFacts } from './directoryFacts.ts';
import { type FolderTimes, folderTimes, type WantedTimes } from './folderTimes.ts';
import { directoryOf, readFolder } from './readFolder.ts';
import { fingerprintOf, type ScannedFolder } from './scannedFolder.ts';

/** What to scan, and what is known of it already. */
export interface ScanRequest {
  /** Absolute folder. */
  readonly root: string;
  /** Fingerprints of settled folders: of those that still have theirs only that is told. */
  readonly settled: ReadonlyMap<string, string>;
  /**
   * Sealed folders. One with facts costs a cheap look while it shows them; of one without (null) every file is looked
   * at, and its facts are told.
   */
  readonly sealed: ReadonlyMap<string, DirectoryFacts | null>;
  readonly times: WantedTimes;
  /** About how many files have to be looked at; undefined when nothing is known yet. */
  readonly expectedLooks?: number | undefined;
}

/** A request for every file of a source, and nothing else. */
export function fullScan(root: string): ScanRequest {
  return { root, settled: new Map(), sealed: new Map(), times: { all: false, sinceMs: Infinity } };
}

/** A folder that was looked at file by file. */
interface LookedAt {
  readonly times: FolderTimes;
  /** Of a sealed folder: what later looks are held against, if that can be trusted. */
  readonly directory?: DirectoryFacts | undefined;
}

/** A folder that has news, or was never settled. */
export interface ChangedFolder extends ScannedFolder, LookedAt {
  readonly fingerprint: string;
}

/** A settled folder that still has its fingerprint. */
export interface UnchangedFolder extends LookedAt {
  readonly folder: string;
  readonly unchanged: true;
}

/** A sealed folder that a cheap look found as it was. */
export interface SealedFolder {
  readonly folder: string;
  readonly sealed: true;
}

/** A folder that could not be read; the rest of the source is scanned all the same. */
export interface UnreadableFolder {
  readonly folder: string;
  readonly error: string;
}

export type ScanStep = ChangedFolder | UnchangedFolder | SealedFolder | UnreadableFolder;

/** Scans a source; throws `SourceMissingError` when it is missing, no folder, or cannot be read. */
export type ScanSource = (request: ScanRequest) => AsyncIterable<ScanStep>;

/** The source itself is not there: nothing may be concluded from that (SPEC F16). */
export class SourceMissingError extends Error {
  override readonly name = 'SourceMissingError';
}

/** Walks the source folder by folder, siblings in byte order, and stats every file but those of sealed folders. */
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
  const directory = directoryOf(request.root, folder);
  const known = request.sealed.get(folder);
  const foldersIn = ({ folders }: { readonly folders: readonly string[] }) =>
    folders.map((name) => pathIn(folder, name));
  if (known !== undefined && known !== null && showsFacts(directory, known))
    return { step: { folder, sealed: true }, within: foldersIn(known) };
  const facts = known === undefined ? undefined : factsBefore(directory);
  const scanned = readOrFault(request.root, folder);
  if ('error' in scanned) return { step: scanned, within: [] };
  const { folders } = scanned;
  const told = facts === undefined ? undefined : { ...facts, folders };
  return { step: stepOf(scanned, told, request), within: foldersIn(scanned) };
}

/** Of a folder that cannot be read, the look at its files tells. */
function factsBefore(directory: string): ReturnType<typeof directoryFacts> {
  try {
    return directoryFacts(directory, Date.now());
  } catch {
    return undefined;
  }
}

function stepOf(
  scanned: ScannedFolder,
  directory: DirectoryFacts | undefined,
  { settled, times }: ScanRequest,
): ScanStep {
  const { folder } = scanned;
  const fingerprint = fingerprintOf(scanned);
  const lookedAt = { times: folderTimes(scanned, times), directory };
  if (settled.get(folder) === fingerprint) return { folder, unchanged: true, ...lookedAt };
  return { ...scanned, fingerprint, ...lookedAt };
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
