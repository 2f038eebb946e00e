import type { JobConfiguration } from '../../shared/contract/agents.ts';
import { foldPath } from '../../shared/domain/paths.ts';
import { type SortedFolder, sortFolder } from '../source/candidates.ts';
import type { PathFilter } from '../source/globs.ts';
import { readFolder } from '../source/readFolder.ts';
import type { ChangedFolder, ScanSource, UnreadableFolder } from '../source/scan.ts';
import { fingerprintOf, mtimesOf } from '../source/scannedFolder.ts';
import type { Knowledge } from './knowledge.ts';
import { purgeHorizonMs } from './purgeOrder.ts';

/** A folder that needs a look at its files. */
export interface DetailedFolder extends SortedFolder {
  readonly fingerprint: string;
}

/** What one scan of the source found. */
export interface Survey {
  /** Digest of every folder, settled or not, but for those whose name another folder has on the share. */
  readonly digests: ReadonlyMap<string, string>;
  /** Folders that changed since they were settled, or never were. */
  readonly detailed: ReadonlyMap<string, DetailedFolder>;
  readonly unreadable: readonly UnreadableFolder[];
  readonly fileCount: number;
  readonly sizeBytes: number;
  /** Files up to this source time are about to be deleted by the instrument. */
  readonly purgeHorizonMs: number | undefined;
  /** Looks at one folder again, whatever is known of it; undefined when it is gone. */
  readonly detail: (folder: string) => DetailedFolder | undefined;
}

export interface SurveyOptions {
  readonly job: Pick<JobConfiguration, 'sourcePath' | 'sharePath' | 'sourceCap'>;
  readonly belongs: PathFilter;
  readonly knowledge: Knowledge;
  readonly scan: ScanSource;
}

/** Scans the source; of folders that look as they did when settled only the digest is kept. */
export async function surveySource({ job, belongs, knowledge, scan }: SurveyOptions): Promise<Survey> {
  const root = job.sourcePath;
  const digests = new Map<string, string>();
  const detailed = new Map<string, DetailedFolder>();
  const mtimes: Float64Array[] = [];
  const { changed, unchanged, unreadable } = await scanAll(scan, {
    root,
    settled: settledFingerprints(knowledge),
    wantsTimes: job.sourceCap !== null,
  });
  const twins = twinsAmong([...changed, ...unchanged].map(({ folder }) => folder));
  const sort = (scanned: ChangedFolder): DetailedFolder => {
    const rules = { sharePath: job.sharePath, belongs, isTwin: twins.has(scanned.folder) };
    const sorted = {
      ...sortFolder(scanned, knowledge.segment(scanned.folder), rules),
      fingerprint: scanned.fingerprint,
    };
    detailed.set(scanned.folder, sorted);
    // Its twin stands for both on the server.
    if (!rules.isTwin) digests.set(scanned.folder, sorted.digest);
    return sorted;
  };
  const detail = (folder: string) => {
    const scanned = detailed.has(folder) ? undefined : readAgain(root, folder);
    return scanned === undefined ? detailed.get(folder) : sort(scanned);
  };
  let fileCount = 0;
  let sizeBytes = 0;
  for (const { folder, mtimes: times } of unchanged) {
    if (times !== undefined) mtimes.push(times);
    const record = knowledge.folders.get(folder);
    if (record === undefined || twins.has(folder)) {
      const again = readAgain(root, folder);
      if (again !== undefined) changed.push(again);
      continue;
    }
    digests.set(folder, record.digest);
    fileCount += record.fileCount;
    sizeBytes += record.sizeBytes;
  }
  for (const scanned of changed) {
    if (job.sourceCap !== null) mtimes.push(mtimesOf(scanned));
    const sorted = sort(scanned);
    fileCount += countOf(sorted);
    sizeBytes += bytesOf(sorted);
  }
  const purgeHorizon = purgeHorizonMs(joined(mtimes), job.sourceCap);
  return { digests, detailed, unreadable, fileCount, sizeBytes, purgeHorizonMs: purgeHorizon, detail };
}

/** Every step of a scan, told apart. */
async function scanAll(scan: ScanSource, request: Parameters<ScanSource>[0]) {
  const changed: ChangedFolder[] = [];
  const unchanged: { folder: string; mtimes: Float64Array | undefined }[] = [];
  const unreadable: UnreadableFolder[] = [];
  for await (const step of scan(request)) {
    if ('error' in step) unreadable.push(step);
    else if ('unchanged' in step) unchanged.push(step);
    else changed.push(step);
  }
  return { changed, unchanged, unreadable };
}

function settledFingerprints(knowledge: Knowledge): Map<string, string> {
  const fingerprints = new Map<string, string>();
  for (const { folder, fingerprint, settled } of knowledge.folders.values())
    if (settled) fingerprints.set(folder, fingerprint);
  return fingerprints;
}

/** Whether the scan met a folder. */
export function isStanding({ digests, detailed }: Survey, folder: string): boolean {
  return digests.has(folder) || detailed.has(folder);
}

export function countOf(folder: SortedFolder): number {
  return folder.files.length + folder.excluded.length;
}

export function bytesOf(folder: SortedFolder): number {
  const files = folder.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return files + folder.excluded.reduce((sum, { file }) => sum + file.sizeBytes, 0);
}

function readAgain(root: string, folder: string): ChangedFolder | undefined {
  try {
    const scanned = readFolder(root, folder);
    return { ...scanned, fingerprint: fingerprintOf(scanned) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Of folders that differ only in case, which are one folder on the share, all but the first in byte order. */
function twinsAmong(folders: readonly string[]): ReadonlySet<string> {
  const firsts = new Map<string, string>();
  const twins = new Set<string>();
  for (const folder of folders) {
    const folded = foldPath(folder);
    const first = firsts.get(folded);
    if (first === undefined || folder < first) firsts.set(folded, folder);
    if (first !== undefined) twins.add(folder < first ? first : folder);
  }
  return twins;
}
