import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { IndexedFile } from '../index/segment.ts';
import type { SourceFile } from '../source/sourceFile.ts';
import { SourceMissingError } from '../source/scan.ts';
import type { Knowledge } from '../sync/knowledge.ts';
import { isUnreadable, type Survey } from '../sync/survey.ts';
import type { RootMark, SourceNow } from './judge.ts';

/** An operator's mark of the source: no measurement, and never archived. */
export const SOURCE_MARK = '.datasync-source';

/** A change of a zone's rules shifts the times of all files on some file systems by an hour, or by half of one. */
const ZONE_SHIFTS_MS = new Set([1_800_000, 3_600_000]);

/** Files that stood on the source when a cycle last ended. */
export function knownFiles(knowledge: Pick<Knowledge, 'folders'>): number {
  let files = 0;
  for (const { fileCount } of knowledge.folders.values()) files += fileCount;
  return files;
}

/** Holds a survey against what is known; to be asked before the survey is written down. */
export function sourceNow(
  survey: Survey | SourceMissingError,
  knowledge: Knowledge,
  sourcePath: string,
): SourceNow {
  if (survey instanceof SourceMissingError) return { missing: survey.message };
  let standing = 0;
  let rewritten = 0;
  for (const [folder, { fileCount }] of knowledge.folders) {
    const detail = survey.detailed.get(folder);
    if (detail === undefined) {
      if (survey.standing.has(folder) || isUnreadable(survey, folder)) standing += fileCount;
      continue;
    }
    const segment = knowledge.segment(folder);
    standing += detail.excluded.length;
    for (const file of detail.files) {
      const known = segment.get(file.name);
      if (known === undefined) continue;
      standing += 1;
      if (isRewritten(known, file)) rewritten += 1;
    }
  }
  const mark = rootMark(sourcePath);
  if (mark === undefined) return { missing: `${sourcePath} went away while it was looked at` };
  return { files: survey.fileCount, standing, rewritten, root: mark };
}

function isRewritten(known: IndexedFile, file: SourceFile): boolean {
  if (known.state !== 'archived') return false;
  if (known.sizeBytes !== file.sizeBytes) return true;
  const shiftMs = Math.abs(known.mtimeMs - file.mtimeMs);
  return shiftMs > 0 && !ZONE_SHIFTS_MS.has(shiftMs);
}

function rootMark(sourcePath: string): RootMark | undefined {
  const stat = statSync(sourcePath, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  return { device: stat.dev, fileId: stat.ino, marked: existsSync(join(sourcePath, SOURCE_MARK)) };
}
