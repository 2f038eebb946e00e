import { sourcePathOf } from '../../../shared/domain/archivedName.ts';
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
  readonly folderKey: Buffer;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly etag: string;
  readonly updatedAt: Date;
}

export interface Difference {
  readonly added: readonly ListedFile[];
  /** Another size or time than the index has: the row is replaced. */
  readonly replaced: readonly ListedFile[];
  /** The same size and time under a new ETag: the row is refreshed, its hash asked for again. */
  readonly refreshed: readonly ListedFile[];
  readonly unchanged: number;
  /** In the index, not on the share. */
  readonly missing: readonly IndexedFile[];
}

/** Reads a listing's entry as an archived file below `root`; undefined for one that is not whole. */
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
 * Holds one directory's listing against the index rows of the same folder. Rows written after `listedAt` are left
 * out of `missing`: a sync may have archived the file after the listing was taken.
 */
export function difference(
  listed: readonly ListedFile[],
  indexed: readonly IndexedFile[],
  listedAt: Date,
): Difference {
  const rows = new Map(indexed.map((row) => [row.pathKey.toString('hex'), row]));
  const added: ListedFile[] = [];
  const replaced: ListedFile[] = [];
  const refreshed: ListedFile[] = [];
  let unchanged = 0;
  for (const file of listed) {
    const key = file.pathKey.toString('hex');
    const row = rows.get(key);
    rows.delete(key);
    if (row === undefined) added.push(file);
    else if (row.sizeBytes !== file.sizeBytes || row.mtimeMs !== file.mtimeMs) replaced.push(file);
    else if (row.etag !== file.etag) refreshed.push(file);
    else unchanged += 1;
  }
  const missing = [...rows.values()].filter((row) => row.updatedAt < listedAt);
  return { added, replaced, refreshed, unchanged, missing };
}
