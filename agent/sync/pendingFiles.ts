import { pathIn } from '../../shared/domain/relativePath.ts';
import type { IndexedFile } from '../index/segment.ts';
import type { PathFilter } from '../source/globs.ts';
import type { Knowledge } from './knowledge.ts';

/**
 * The job's files of a folder that an earlier cycle saw and that were never archived. What an operator took out of the job
 * meanwhile may still stand: nothing is said of it.
 */
export function pendingFiles(
  folder: string,
  { knowledge, belongs }: { readonly knowledge: Pick<Knowledge, 'segment'>; readonly belongs: PathFilter },
): IndexedFile[] {
  return [...knowledge.segment(folder).values()].filter(
    (file) => file.state === 'pending' && !isOfNoFile(file) && belongs(pathIn(folder, file.name)),
  );
}

/** Earlier versions wrote down a folder that could not be read as if it were a file of its parent. */
export function isOfNoFile({ fileId, mtimeMs, sizeBytes }: IndexedFile): boolean {
  return fileId === 0 && mtimeMs === 0 && sizeBytes === 0;
}
