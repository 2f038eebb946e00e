import { nameOf, pathIn } from '../../shared/domain/relativePath.ts';
import { fullScan, type ScanSource } from '../source/scan.ts';
import { fileAt } from '../source/scannedFolder.ts';
import type { SourceFile } from '../source/sourceFile.ts';
import type { FileState, IndexedFile } from '../index/segment.ts';
import type { Knowledge } from './knowledge.ts';
import { pendingFiles } from './pendingFiles.ts';
import { isStanding, isUnreadable, type Survey } from './survey.ts';
import { otherVerdict, type Verdict } from './verdict.ts';

/** A file that an earlier cycle saw, that was never archived, and that is not on the source any more. */
export interface LostFile {
  readonly file: SourceFile;
  /** States that it was pending in before. */
  readonly earlier: readonly FileState[];
  /**
   * It was still being written when it was last seen, and it was not its turn to be deleted: a passing file, not a
   * measurement that was lost.
   */
  readonly unfinished: boolean;
}

export function lostSince(survey: Survey, knowledge: Knowledge): LostFile[] {
  const lost: LostFile[] = [];
  const asLost = (folder: string, file: IndexedFile): LostFile => {
    // The last look may be long ago: finished since, it may have come to be the oldest on a full source.
    const mayBePurged = survey.purge.deletionInMs(file.mtimeMs) === 0;
    const unfinished = file.unfinished && !mayBePurged;
    return { file: asSource(folder, file), earlier: file.earlier ?? [], unfinished };
  };
  const pendingOf = (folder: string) => pendingFiles(folder, { knowledge, belongs: survey.belongs });
  for (const { folder, files, excluded } of survey.detailed.values()) {
    const standing = new Set([...files, ...excluded.map(({ file }) => file)].map(({ name }) => name));
    for (const file of pendingOf(folder)) if (!standing.has(file.name)) lost.push(asLost(folder, file));
  }
  for (const folder of knowledge.folders.keys())
    if (!isStanding(survey, folder) && !isUnreadable(survey, folder))
      for (const file of pendingOf(folder)) lost.push(asLost(folder, file));
  return lost;
}

function asSource(folder: string, file: IndexedFile): SourceFile {
  const { name, sizeBytes, mtimeMs } = file;
  const path = pathIn(folder, name);
  return { folder, name, path, sizeBytes, mtimeMs, ctimeMs: file.ctimeMs ?? 0, fileId: file.fileId ?? 0 };
}

/**
 * Tells renamed files from lost ones: the same file id with the same size and time under another name is the same
 * file. Costs one more scan, and only when something vanished.
 */
export async function tellRenamed(
  scan: ScanSource,
  root: string,
  verdicts: readonly Verdict[],
): Promise<Verdict[]> {
  const wanted = new Map<number, Verdict>();
  for (const verdict of verdicts)
    if (isGone(verdict) && verdict.source.fileId !== 0) wanted.set(verdict.source.fileId, verdict);
  if (wanted.size === 0) return [...verdicts];
  const renamed = new Map<Verdict, string>();
  for await (const step of scan(fullScan(root))) {
    if (!('names' in step)) continue;
    for (let index = 0; index < step.names.length; index += 1) {
      const file = fileAt(step, index);
      const verdict = wanted.get(file.fileId);
      if (verdict !== undefined && isSameFile(verdict.source, file)) renamed.set(verdict, file.path);
    }
  }
  return verdicts.map((verdict) => {
    const path = renamed.get(verdict);
    if (path === undefined) return verdict;
    return otherVerdict(verdict.source, 'renamed', `now called ${nameOf(path)}, in ${path}`);
  });
}

export function isGone({ result }: Verdict): boolean {
  return result.outcome === 'vanished' || result.outcome === 'vanished_unfinished';
}

function isSameFile(before: SourceFile, now: SourceFile): boolean {
  return before.path !== now.path && before.sizeBytes === now.sizeBytes && before.mtimeMs === now.mtimeMs;
}
