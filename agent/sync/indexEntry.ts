import type { FileState, IndexedFile } from '../index/segment.ts';
import type { SourceFile } from '../source/sourceFile.ts';

/** Of a file that changes in every cycle and is never archived, the latest states are enough. */
const MOST_EARLIER = 8;

/** An entry without hash: the server's index has the file, this agent's does not know more. */
export function entryOf(file: SourceFile, state: IndexedFile['state']): IndexedFile {
  const { name, sizeBytes, mtimeMs, ctimeMs, fileId } = file;
  return {
    name,
    state,
    unfinished: false,
    sizeBytes,
    mtimeMs,
    ctimeMs,
    fileId,
    sha256: null,
    etag: null,
    archivedPath: null,
    shareModifiedAt: null,
  };
}

/** The entry of a file that is not archived yet; `known` is what the index has of it. */
export function pendingEntry(
  known: IndexedFile | undefined,
  file: SourceFile,
  unfinished: boolean,
): IndexedFile {
  return { ...entryOf(file, 'pending'), unfinished, ...earlierOf(known, file) };
}

/** What an entry takes over from the one before it. */
export function earlierOf(known: IndexedFile | undefined, now: FileState): Pick<IndexedFile, 'earlier'> {
  const earlier = earlierStates(known, now);
  return earlier.length === 0 ? {} : { earlier };
}

/** The states in which a file was pending before this one, oldest first. */
export function earlierStates(known: IndexedFile | undefined, now: FileState): FileState[] {
  if (known?.state !== 'pending') return [];
  const { sizeBytes, mtimeMs, earlier = [] } = known;
  const states = [...earlier, { sizeBytes, mtimeMs }];
  return states.filter((state) => !isSameState(state, now)).slice(-MOST_EARLIER);
}

export function isSameState(a: FileState, b: FileState): boolean {
  return a.sizeBytes === b.sizeBytes && a.mtimeMs === b.mtimeMs;
}
