import type { JobConfiguration } from '../../shared/contract/agents.ts';
import { foldPath } from '../../shared/domain/paths.ts';
import { isUncounted, type SealedLook } from '../index/folderTable.ts';
import { isDailyLookDue } from '../seals/dailyLook.ts';
import type { SortedFolder } from '../source/candidates.ts';
import type { DirectoryFacts } from '../source/directoryFacts.ts';
import { type FolderTimes, folderTimes } from '../source/folderTimes.ts';
import type { PathFilter } from '../source/globs.ts';
import { readFolder } from '../source/readFolder.ts';
import type {
  ChangedFolder,
  ScanRequest,
  ScanSource,
  SealedFolder,
  UnchangedFolder,
  UnreadableFolder,
} from '../source/scan.ts';
import { fingerprintOf } from '../source/scannedFolder.ts';
import type { SourceFile } from '../source/sourceFile.ts';
import { type DetailedFolder, openDetails } from './details.ts';
import type { Knowledge } from './knowledge.ts';
import { type PurgeClock, purgeClock } from './purgeOrder.ts';
import { shareTwins } from './shareTwins.ts';
import { type Unseen, unseenFiles } from './unseen.ts';
import { DAY_MS, type Production, productionOf, type SourceTimes, sourceTimes } from './sourceTimes.ts';

/** What one scan of the source found. */
export interface Survey {
  /** Digest of every folder that the server is asked about; folders that are one on the share have the first one's name. */
  readonly digests: ReadonlyMap<string, string>;
  /** Folders that changed since they were settled, or never were. */
  readonly detailed: ReadonlyMap<string, DetailedFolder>;
  /** Sealed folders that a cheap look found as they were: the server is not asked about them. */
  readonly sealed: ReadonlySet<string>;
  /** Of sealed folders that were looked at in full: what later looks are held against. */
  readonly looks: ReadonlyMap<string, SealedLook>;
  /** Every folder that the scan could read. */
  readonly standing: ReadonlySet<string>;
  readonly unreadable: readonly UnreadableFolder[];
  readonly unseen: Unseen;
  /** Whether a file of that path is the job's. */
  readonly belongs: PathFilter;
  readonly fileCount: number;
  readonly sizeBytes: number;
  readonly times: SourceTimes;
  readonly production: Production;
  readonly purge: PurgeClock;
  /** Looks at one folder again, whatever is known of it; undefined when it is gone. */
  readonly detail: (folder: string) => DetailedFolder | undefined;
  /** What stands on the source of one folder of the share, with the digest over it; undefined when it is gone. */
  readonly manifest: (folder: string) => { digest: string; files: readonly SourceFile[] } | undefined;
}

export interface SurveyOptions {
  readonly job: Pick<JobConfiguration, 'sourcePath' | 'sharePath' | 'sourceCap'>;
  readonly belongs: PathFilter;
  readonly knowledge: Knowledge;
  readonly scan: ScanSource;
  readonly nowMs: number;
}

/** Scans the source; of folders that look as they did when settled only the digest is kept. */
export async function surveySource(options: SurveyOptions): Promise<Survey> {
  const { job, belongs, knowledge, scan, nowMs } = options;
  const request = requestOf(options);
  const { changed, unchanged, sealed, unreadable } = await scanAll(scan, request);
  const twins = shareTwins([...changed, ...unchanged, ...sealed].map(({ folder }) => folder));
  const readAgain = (folder: string) => readFolderAgain(request, folder);
  const rules = { sharePath: job.sharePath, belongs, knownIn: knowledge.segment };
  const details = openDetails({ rules, twins, readAgain });
  const kept = openKept(knowledge, nowMs);
  for (const step of [...unchanged, ...sealed]) {
    const isKnown = knowledge.folders.has(step.folder) && !twins.isTwin(step.folder);
    if (isKnown) kept.keep(step, details.digests);
    else changed.push(...[readAgain(step.folder)].filter((again) => again !== undefined));
  }
  const byFolder = new Map(changed.map((scanned) => [scanned.folder, scanned]));
  for (const scanned of changed) {
    kept.lookedAt(scanned);
    const members = twins.of(scanned.folder).flatMap((folder) => byFolder.get(folder) ?? []);
    if (members[0] === scanned) details.add(members);
  }
  const { detailed, digests, manifest } = details;
  const hidden = [...knowledge.folders.keys()].filter((folder) => isUnreadable({ unreadable }, folder));
  const unseen = unseenFiles(hidden, { knowledge, belongs, times: request.times });
  const allTimes = [...kept.times, ...unseen.times];
  const times = sourceTimes(allTimes);
  const production = productionOf(allTimes, nowMs);
  return {
    digests,
    detailed,
    manifest,
    detail: (folder) => {
      kept.sealed.delete(folder);
      return details.detail(folder);
    },
    sealed: kept.sealed,
    looks: kept.looks,
    standing: new Set([...digests.keys(), ...detailed.keys(), ...kept.sealed]),
    unreadable,
    unseen,
    belongs,
    fileCount: sumOf(detailed, countOf) + kept.sum.fileCount,
    sizeBytes: sumOf(detailed, bytesOf) + kept.sum.sizeBytes,
    times,
    production,
    purge: purgeClock(times, job.sourceCap, production),
  };
}

/** Folders of which what is known stands for them, and the times of all. */
function openKept(knowledge: Knowledge, nowMs: number) {
  const sealed = new Set<string>();
  const looks = new Map<string, SealedLook>();
  const times: FolderTimes[] = [];
  const sum = { fileCount: 0, sizeBytes: 0 };
  const lookedAt = (step: ChangedFolder | UnchangedFolder) => {
    times.push(step.times);
    if (step.directory !== undefined) looks.set(step.folder, lookOf(step.directory, step.times, nowMs));
  };
  return {
    sealed,
    looks,
    times,
    sum,
    lookedAt,
    keep: (step: UnchangedFolder | SealedFolder, digests: Map<string, string>) => {
      const record = knowledge.folders.get(step.folder);
      if (record === undefined) return;
      sum.fileCount += record.fileCount;
      sum.sizeBytes += record.sizeBytes;
      if ('unchanged' in step) {
        digests.set(step.folder, record.digest);
        lookedAt(step);
        return;
      }
      sealed.add(step.folder);
      const { look, fileCount } = record;
      const { oldestMs, newestMs } = look ?? { oldestMs: 0, newestMs: 0 };
      const count = look === undefined ? fileCount : look.names - look.folders.length;
      times.push({ count, oldestMs, newestMs, recent: new Float64Array() });
    },
  };
}

function sumOf(
  detailed: ReadonlyMap<string, DetailedFolder>,
  of: (folder: DetailedFolder) => number,
): number {
  let sum = 0;
  for (const folder of detailed.values()) sum += of(folder);
  return sum;
}

function requestOf({ job, knowledge, nowMs }: SurveyOptions): ScanRequest {
  const settled = new Map<string, string>();
  const sealed = new Map<string, DirectoryFacts | null>();
  let expectedLooks = 0;
  let isAllCounted = knowledge.folders.size > 0;
  for (const record of knowledge.folders.values()) {
    const { folder, look } = record;
    if (record.settled) settled.set(folder, record.fingerprint);
    const isSealed = knowledge.sealed.has(foldPath(folder));
    const cheap =
      record.settled && look !== undefined && !isDailyLookDue(folder, look.statAtMs, nowMs) ? look : null;
    if (isSealed) sealed.set(folder, cheap);
    if (!isSealed || cheap === null) expectedLooks += record.fileCount;
    if (isUncounted(record)) isAllCounted = false;
  }
  return {
    root: job.sourcePath,
    settled,
    sealed,
    times: { all: job.sourceCap !== null, sinceMs: nowMs - DAY_MS },
    expectedLooks: isAllCounted ? expectedLooks : undefined,
  };
}

function lookOf(
  { mtimeMs, names, folders }: DirectoryFacts,
  times: FolderTimes,
  statAtMs: number,
): SealedLook {
  const { oldestMs, newestMs } = times.count === 0 ? { oldestMs: 0, newestMs: 0 } : times;
  return { mtimeMs, names, folders: [...folders], oldestMs, newestMs, statAtMs };
}

/** Every step of a scan, told apart. */
async function scanAll(scan: ScanSource, request: ScanRequest) {
  const changed: ChangedFolder[] = [];
  const unchanged: UnchangedFolder[] = [];
  const sealed: SealedFolder[] = [];
  const unreadable: UnreadableFolder[] = [];
  for await (const step of scan(request)) {
    if ('error' in step) unreadable.push(step);
    else if ('unchanged' in step) unchanged.push(step);
    else if ('sealed' in step) sealed.push(step);
    else changed.push(step);
  }
  return { changed, unchanged, sealed, unreadable };
}

/** Whether the scan met a folder. */
export function isStanding({ standing }: Pick<Survey, 'standing'>, folder: string): boolean {
  return standing.has(folder);
}

/** Whether the scan could not look into a folder: nothing may be concluded from not meeting its files. */
export function isUnreadable({ unreadable }: Pick<Survey, 'unreadable'>, folder: string): boolean {
  return unreadable.some((one) => one.folder === folder || folder.startsWith(`${one.folder}/`));
}

export function countOf(folder: SortedFolder): number {
  return folder.files.length + folder.excluded.length;
}

export function bytesOf(folder: SortedFolder): number {
  const files = folder.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return files + folder.excluded.reduce((sum, { file }) => sum + file.sizeBytes, 0);
}

function readFolderAgain({ root, times }: ScanRequest, folder: string): ChangedFolder | undefined {
  try {
    const scanned = readFolder(root, folder);
    return { ...scanned, fingerprint: fingerprintOf(scanned), times: folderTimes(scanned, times) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
