import { sep } from 'node:path';
import { FilesError } from '../errors.ts';
import { Directory } from './directory.ts';
import type { DirectoryCache } from './directoryCache.ts';
import type { DirectoryEntry, Entry, FileEntry } from './entry.ts';

export interface TreeOptions {
  readonly rootPath: string;
  readonly cache: DirectoryCache;
  /** Wait for the disk, not only for the page cache. */
  readonly synced: boolean;
  /** A share snapshot. */
  readonly readOnly: boolean;
}

/** A directory tree: a share's live files, or those of one snapshot. Paths are component lists; `[]` is the root. */
export class Tree {
  readonly readOnly: boolean;
  readonly synced: boolean;
  readonly rootPath: string;
  readonly #cache: DirectoryCache;

  constructor(options: TreeOptions) {
    this.rootPath = options.rootPath;
    this.#cache = options.cache;
    this.synced = options.synced;
    this.readOnly = options.readOnly;
  }

  /** The directory itself, or undefined when there is none at that path. */
  find(path: readonly string[]): Directory | undefined {
    let directory = this.#load(this.rootPath);
    for (const name of path) {
      const entry = directory.get(name);
      if (entry?.kind !== 'directory') return undefined;
      directory = this.#load(directory.pathOf(entry));
    }
    return directory;
  }

  /**
   * The directory at a path.
   * @throws FilesError ResourceNotFound, ParentNotFound or, where a file stands, ResourceTypeMismatch
   */
  directory(path: readonly string[]): Directory {
    if (path.length > 0) this.directoryEntry(path);
    const directory = this.find(path);
    if (directory === undefined) throw new FilesError('ResourceNotFound');
    return directory;
  }

  /**
   * The directory that holds the entry a path names.
   * @throws FilesError ParentNotFound
   */
  parent(path: readonly string[]): Directory {
    const directory = this.find(path.slice(0, -1));
    if (directory === undefined) throw new FilesError('ParentNotFound');
    return directory;
  }

  /** The file at a path. @throws FilesError ResourceNotFound, ParentNotFound, ResourceTypeMismatch */
  file(path: readonly string[]): { parent: Directory; entry: FileEntry } {
    const parent = this.parent(path);
    const entry = existing(parent, path);
    if (entry.kind !== 'file') throw new FilesError('ResourceTypeMismatch');
    return { parent, entry };
  }

  /** A directory's entry in its parent; the root has none. */
  directoryEntry(path: readonly string[]): { parent: Directory; entry: DirectoryEntry } {
    const parent = this.parent(path);
    const entry = existing(parent, path);
    if (entry.kind !== 'directory') throw new FilesError('ResourceTypeMismatch');
    return { parent, entry };
  }

  /** Every directory, parents before children. */
  *walk(): Generator<Directory> {
    const open = [this.rootPath];
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      const directory = this.#load(path);
      yield directory;
      for (const entry of directory.entries())
        if (entry.kind === 'directory') open.push(directory.pathOf(entry));
    }
  }

  /** Forgets what is in memory of a folder that was moved or removed on the disk below. */
  forget(diskPath: string): void {
    this.#cache.forget(diskPath, sep);
  }

  #load(diskPath: string): Directory {
    return this.#cache.use(diskPath, () =>
      Directory.load({ diskPath, synced: this.synced, readOnly: this.readOnly }),
    );
  }
}

function existing(parent: Directory, path: readonly string[]): Entry {
  const entry = parent.get(path.at(-1) ?? '');
  if (entry === undefined) throw new FilesError('ResourceNotFound');
  return entry;
}
