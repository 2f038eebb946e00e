import type { JobConfiguration } from '../../shared/contract/agents.ts';
import { foldPath } from '../../shared/domain/paths.ts';
import { type SortedFolder, sortFolder } from '../source/candidates.ts';
import type { PathFilter } from '../source/globs.ts';
import { readFolder } from '../source/readFolder.ts';
import { scanSource, type UnreadableFolder } from '../source/scan.ts';
import { fingerprintOf, mtimesOf, type ScannedFolder } from '../source/scannedFolder.ts';
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
}

/** Scans the source; of folders that look as they did when settled only the digest is kept. */
export async function surveySource({ job, belongs, knowledge }: SurveyOptions): Promise<Survey> {
  const digests = new Map<string, string>();
  const detailed = new Map<string, DetailedFolder>();
  const unreadable: UnreadableFolder[] = [];
  const twins = trackTwins();
  const mtimes: Float64Array[] = [];
  let fileCount = 0;
  let sizeBytes = 0;

  const sort = (scanned: ScannedFolder, fingerprint: string): DetailedFolder => ({
    ...sortFolder(scanned, knowledge.segment(scanned.folder), {
      sharePath: job.sharePath,
      belongs,
      isTwin: twins.has(scanned.folder),
    }),
    fingerprint,
  });
  for await (const step of scanSource(job.sourcePath)) {
    if (!('names' in step)) {
      unreadable.push(step);
      continue;
    }
    twins.add(step.folder);
    const fingerprint = fingerprintOf(step);
    if (job.sourceCap !== null) mtimes.push(mtimesOf(step));
    const record = knowledge.folders.get(step.folder);
    if (record?.settled === true && record.fingerprint === fingerprint && !twins.has(step.folder)) {
      digests.set(step.folder, record.digest);
      fileCount += record.fileCount;
      sizeBytes += record.sizeBytes;
      continue;
    }
    const sorted = sort(step, fingerprint);
    // Its twin stands for both on the server.
    if (!twins.has(step.folder)) digests.set(step.folder, sorted.digest);
    detailed.set(step.folder, sorted);
    fileCount += countOf(sorted);
    sizeBytes += bytesOf(sorted);
  }
  return {
    digests,
    detailed,
    unreadable,
    fileCount,
    sizeBytes,
    purgeHorizonMs: purgeHorizonMs(joined(mtimes), job.sourceCap),
    detail: (folder) => {
      const known = detailed.get(folder);
      if (known !== undefined) return known;
      const scanned = readAgain(job.sourcePath, folder);
      if (scanned === undefined) return undefined;
      const sorted = sort(scanned, fingerprintOf(scanned));
      detailed.set(folder, sorted);
      return sorted;
    },
  };
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

function readAgain(root: string, folder: string): ScannedFolder | undefined {
  try {
    return readFolder(root, folder);
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

/** Folders that differ only in case are one folder on the share: the first one met has it. */
function trackTwins() {
  const firsts = new Map<string, string>();
  const twins = new Set<string>();
  return {
    add: (folder: string): void => {
      const folded = foldPath(folder);
      const first = firsts.get(folded);
      if (first === undefined) firsts.set(folded, folder);
      else if (first !== folder) twins.add(folder);
    },
    has: (folder: string): boolean => twins.has(folder),
  };
}
