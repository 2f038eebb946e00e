import { sourcePathOf } from '../../../shared/domain/archivedName.ts';
import { isSameEtag } from '../../../shared/domain/etag.ts';
import { pathKey } from '../../../shared/domain/paths.ts';
import { folderOf } from '../../../shared/domain/relativePath.ts';
import { isWhole } from '../../../shared/domain/wholeMark.ts';
import type { ShareEntry } from '../../platform/storage/shares.ts';

/** A whole file as a listing shows it, with what the state index needs of it. Paths are below the job's share path. */
export interface ListedFile {
  readonly pathKey: Buffer;
  readonly path: string;
  readonly sourceKey: Buffer;
  readonly sourcePath: string;
  readonly folderKey: Buffer;
  readonly folder: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly etag: string;
  readonly modifiedAt: Date;
}

/** What the state index says of a file; only what a listing can be held against. */
export interface IndexedFile {
  readonly pathKey: Buffer;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly etag: string;
}

export interface Difference {
  readonly added: readonly ListedFile[];
  /** Another size or time than the index has: the row is replaced. */
  readonly replaced: readonly ListedFile[];
  /** The same size and time under a new ETag: the row is refreshed, its hash asked for again. */
  readonly refreshed: readonly ListedFile[];
  /** The rows that `replaced` and `refreshed` stand in the place of. */
  readonly outdated: readonly IndexedFile[];
  readonly unchanged: number;
  /** In the index, not on the share. */
  readonly missing: readonly IndexedFile[];
}

/** Reads a listing's entry as an archived file; undefined for one that is not whole. `path` is below the job's share path. */
export function listedFile(entry: ShareEntry, path: string): ListedFile | undefined {
  const { lastWriteAt, lastModifiedAt, etag } = entry;
  if (!isWhole(entry.attributes) || lastWriteAt === undefined || lastModifiedAt === undefined)
    return undefined;
  const mtimeMs = lastWriteAt.getTime();
  const sourcePath = sourcePathOf(path, mtimeMs);
  const folder = folderOf(sourcePath);
  return {
    pathKey: pathKey(path),
    path,
    sourceKey: pathKey(sourcePath),
    sourcePath,
    folderKey: pathKey(folder),
    folder,
    sizeBytes: entry.sizeBytes,
    mtimeMs,
    etag: etag ?? '',
    modifiedAt: lastModifiedAt,
  };
}

/**
 * Holds one directory's listing against the index rows of the same folder. The rows must have been read before the
 * listing began: a row follows its file, so one that was there already and has no file in the listing is missing, and
 * what a sync archives meanwhile is among neither. No clock is asked.
 */
export function difference(listed: readonly ListedFile[], indexed: readonly IndexedFile[]): Difference {
  const rows = new Map(indexed.map((row) => [row.pathKey.toString('latin1'), row]));
  // A directory that changes between two pages may show a file twice.
  const files = new Map(listed.map((file) => [file.pathKey.toString('latin1'), file]));
  const added: ListedFile[] = [];
  const replaced: ListedFile[] = [];
  const refreshed: ListedFile[] = [];
  const outdated: IndexedFile[] = [];
  let unchanged = 0;
  for (const [key, file] of files) {
    const row = rows.get(key);
    rows.delete(key);
    if (row === undefined) {
      added.push(file);
    } else if (isSameEtag(row.etag, file.etag) && isSameState(row, file)) {
      unchanged += 1;
    } else {
      (isSameState(row, file) ? refreshed : replaced).push(file);
      outdated.push(row);
    }
  }
  return { added, replaced, refreshed, outdated, unchanged, missing: [...rows.values()] };
}

function isSameState(row: IndexedFile, file: ListedFile): boolean {
  return row.sizeBytes === file.sizeBytes && row.mtimeMs === file.mtimeMs;
}
