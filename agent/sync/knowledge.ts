import { foldPath } from '../../shared/domain/paths.ts';
import { folderOf, nameOf } from '../../shared/domain/relativePath.ts';
import type { FolderRecord } from '../index/folderTable.ts';
import type { LocalIndex } from '../index/localIndex.ts';
import type { IndexedFile, Segment } from '../index/segment.ts';
import type { JournaledResult } from '../journal/entries.ts';
import { earlierOf } from './indexEntry.ts';
import { isArchived, isUnfinished } from './verdict.ts';

/** The local index during a cycle: segments are read when asked for, changed in memory and written together. */
export interface Knowledge {
  readonly folders: ReadonlyMap<string, FolderRecord>;
  /** Names, folded, of the folders that count as sealed. */
  readonly sealed: ReadonlySet<string>;
  segment(folder: string): Segment;
  /** Changes a folder's segment; it is on disk after `flush`. */
  change(folder: string, change: (segment: Segment) => void): void;
  /** Takes over what the server has acknowledged. */
  record(results: Iterable<JournaledResult>): void;
  setFolder(record: FolderRecord): void;
  removeFolder(folder: string): void;
  /** Takes over which folders are sealed. */
  setSealed(folders: Iterable<string>): void;
  /** Writes all changes to disk, synced; when it returns, the journal may forget what was recorded. */
  flush(): void;
}

export function openKnowledge(index: LocalIndex): Knowledge {
  const segments = new Map<string, Segment>();
  const changed = new Set<string>();
  let foldersChanged = false;
  const segment = (folder: string) => {
    const known = segments.get(folder) ?? index.segment(folder);
    segments.set(folder, known);
    return known;
  };
  return {
    folders: index.folders,
    sealed: index.sealed,
    segment,
    change: (folder, change) => {
      change(segment(folder));
      changed.add(folder);
    },
    record: (results) => {
      for (const journaled of results) {
        const folder = folderOf(journaled.result.path);
        recordOne(segment(folder), journaled);
        changed.add(folder);
      }
    },
    setFolder: (record) => {
      const known = index.folders.get(record.folder);
      if (known !== undefined && isSameRecord(known, record)) return;
      index.folders.set(record.folder, record);
      foldersChanged = true;
    },
    removeFolder: (folder) => {
      foldersChanged = index.folders.delete(folder) || foldersChanged;
      if (segment(folder).size > 0) segments.set(folder, new Map());
      changed.add(folder);
    },
    setSealed: (folders) => {
      const wanted = new Set([...folders].map(foldPath));
      if (wanted.size === index.sealed.size && [...wanted].every((folder) => index.sealed.has(folder)))
        return;
      index.sealed.clear();
      for (const folder of wanted) index.sealed.add(folder);
      foldersChanged = true;
    },
    flush: () => {
      for (const folder of changed) index.saveSegment(folder, segment(folder));
      changed.clear();
      segments.clear();
      if (foldersChanged) index.saveFolders();
      foldersChanged = false;
    },
  };
}

function isSameRecord(a: FolderRecord, b: FolderRecord): boolean {
  return (
    a.fingerprint === b.fingerprint &&
    a.digest === b.digest &&
    a.settled === b.settled &&
    a.fileCount === b.fileCount &&
    a.sizeBytes === b.sizeBytes &&
    a.look?.statAtMs === b.look?.statAtMs &&
    a.look?.mtimeMs === b.look?.mtimeMs
  );
}

function recordOne(segment: Segment, { result, ctimeMs, fileId }: JournaledResult): void {
  const name = nameOf(result.path);
  const known = segment.get(name);
  // Told late, of an earlier state: the later one still waits.
  if (known?.state === 'pending' && known.mtimeMs > (result.mtimeMs ?? 0)) return;
  const state = stateAfter(result.outcome);
  if (state === undefined) {
    segment.delete(name);
    return;
  }
  if (known === undefined && state === 'pending' && isOfNoFile({ result, fileId })) return;
  const seen = { sizeBytes: result.sizeBytes ?? 0, mtimeMs: result.mtimeMs ?? 0 };
  segment.set(name, {
    name,
    state,
    unfinished: isUnfinished(result),
    ...(state === 'pending' ? earlierOf(known, seen) : {}),
    ...seen,
    ctimeMs,
    fileId,
    sha256: result.sha256,
    etag: result.etag,
    archivedPath: result.archivedPath,
    shareModifiedAt: result.shareModifiedAt,
  });
}

/** A folder that cannot be read, or a report that was refused, maybe under another path: no file of that name may have stood there. */
function isOfNoFile({ result, fileId }: Pick<JournaledResult, 'result' | 'fileId'>): boolean {
  return result.mtimeMs === null || fileId === 0;
}

/** What the index says of a file after a result; undefined when it is gone from the source. */
function stateAfter(outcome: JournaledResult['result']['outcome']): IndexedFile['state'] | undefined {
  if (isArchived({ outcome })) return 'archived';
  if (outcome === 'vanished' || outcome === 'vanished_unfinished' || outcome === 'renamed') return undefined;
  return outcome.startsWith('name_') ? 'excluded' : 'pending';
}
