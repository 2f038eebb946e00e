import { join } from 'node:path';
import { FilesError } from '../errors.ts';
import type { DirectoryCache } from './directoryCache.ts';
import { coveredBytes } from './ranges.ts';
import { KeyedLocks, ReadWriteLock } from './readWriteLock.ts';
import { foldName } from './names.ts';
import { redoRename } from './renameIntent.ts';
import type { ShareRecord, SnapshotRecord } from './shareRecord.ts';
import { readShareRecord, writeShareRecord } from './shareRecord.ts';
import { snapshotFolder } from './snapshots.ts';
import { Tree } from './tree.ts';

const GIB = 1024 ** 3;

export interface ShareOptions {
  readonly folder: string;
  readonly cache: DirectoryCache;
  readonly synced: boolean;
}

/** A share: its record, its live tree and its snapshots, and the locks that keep changes apart. */
export class Share {
  readonly folder: string;
  readonly tree: Tree;
  readonly #paths = new ReadWriteLock();
  readonly #files = new KeyedLocks();
  readonly #cache: DirectoryCache;
  readonly #synced: boolean;
  #record: ShareRecord;
  #usedBytes: number | undefined;
  #isRetired = false;

  constructor(options: ShareOptions) {
    this.folder = options.folder;
    this.#cache = options.cache;
    this.#synced = options.synced;
    this.#record = readShareRecord(options.folder);
    this.tree = this.#tree(join(options.folder, 'files'), false);
    redoRename(options.folder, this.tree);
  }

  get record(): ShareRecord {
    return this.#record;
  }

  get synced(): boolean {
    return this.#synced;
  }

  /** Replaces parts of the record; durable when it returns. */
  update(change: Partial<ShareRecord>): ShareRecord {
    return this.replaceRecord({ ...this.#record, ...change });
  }

  /** Replaces the record; durable when it returns. */
  replaceRecord(record: ShareRecord): ShareRecord {
    writeShareRecord(this.folder, record, this.#synced);
    this.#record = record;
    return record;
  }

  /** The record of a snapshot. @throws FilesError ShareNotFound, which is what Azure calls it. */
  snapshot(time: string): SnapshotRecord {
    const wanted = Date.parse(time);
    const found = this.#record.snapshots.find(
      (snapshot) => snapshot.time === time || (!time.includes('.') && Date.parse(snapshot.time) === wanted),
    );
    if (found === undefined) throw new FilesError('ShareNotFound');
    return found;
  }

  /** The tree of the share, or of one of its snapshots. */
  treeAt(snapshotTime: string | undefined): Tree {
    if (snapshotTime === undefined) return this.tree;
    return this.#tree(snapshotFolder(this.folder, this.snapshot(snapshotTime).time), true);
  }

  /**
   * Runs together with other work on the paths of the share (`shared`), or alone (`exclusive`): for what changes
   * paths or copies them, such as a rename, a snapshot, a removal.
   * @throws FilesError ShareNotFound when the share was deleted while this waited its turn
   */
  onPaths<T>(mode: 'shared' | 'exclusive', work: () => Promise<T> | T): Promise<T> {
    return this.#paths[mode](() => {
      if (this.#isRetired) throw new FilesError('ShareNotFound');
      return work();
    });
  }

  /** Runs while no path of the share changes and, for the file named, in the given company. */
  onFile<T>(path: readonly string[], mode: 'shared' | 'exclusive', work: () => Promise<T> | T): Promise<T> {
    return this.onPaths('shared', () => this.#files.run(foldName(path.join('/')), mode, work));
  }

  /** The share is deleted: whoever waits for its paths finds it gone. */
  retire(): void {
    this.#isRetired = true;
  }

  /** Bytes written to the files of the share; counted once a process, then kept. */
  get usedBytes(): number {
    this.#usedBytes ??= this.#countUsedBytes();
    return this.#usedBytes;
  }

  /** Notes a change of the bytes written. */
  addUsedBytes(change: number): void {
    if (this.#usedBytes !== undefined) this.#usedBytes = Math.max(0, this.#usedBytes + change);
  }

  /** @throws FilesError ShareSizeLimitReached when so many more bytes would exceed the quota. */
  checkRoom(moreBytes: number): void {
    if (moreBytes > 0 && this.usedBytes + moreBytes > this.#record.quotaGiB * GIB) {
      throw new FilesError('ShareSizeLimitReached');
    }
  }

  #countUsedBytes(): number {
    let sizeBytes = 0;
    for (const directory of this.tree.walk()) {
      for (const entry of directory.entries())
        if (entry.kind === 'file') sizeBytes += coveredBytes(entry.written);
    }
    return sizeBytes;
  }

  #tree(rootPath: string, readOnly: boolean): Tree {
    return new Tree({ rootPath, cache: this.#cache, synced: this.#synced, readOnly });
  }
}
