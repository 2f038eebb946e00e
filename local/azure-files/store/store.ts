import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FilesError } from '../errors.ts';
import { DEFAULT_MAX_ENTRIES, DirectoryCache } from './directoryCache.ts';
import { isErrno } from './disk.ts';
import type { DirectoryEntry } from './entry.ts';
import { OWN_PREFIX } from './names.ts';
import { Share } from './share.ts';
import type { ShareRecord } from './shareRecord.ts';
import { writeShareRecord } from './shareRecord.ts';
import { UNFINISHED_SNAPSHOT } from './snapshots.ts';
import type { Stamps } from './stamps.ts';

const DAY_MS = 86_400_000;
const DELETED_FOLDER = `${OWN_PREFIX}.deleted`;

export interface StoreOptions {
  readonly dataDir: string;
  readonly stamps: Stamps;
  readonly synced: boolean;
  /** How long a deleted share can be restored; 0 removes it at once. */
  readonly softDeleteDays: number;
  readonly maxEntries?: number;
}

/** All shares of all accounts, kept in `<data>/<account>/<share>/`. */
export class Store {
  readonly softDeleteDays: number;
  readonly #options: StoreOptions;
  readonly #cache: DirectoryCache;
  readonly #live = new Map<string, Share>();
  readonly #deleted = new Map<string, Share>();

  constructor(options: StoreOptions) {
    this.#options = options;
    this.softDeleteDays = options.softDeleteDays;
    this.#cache = new DirectoryCache(options.maxEntries ?? DEFAULT_MAX_ENTRIES);
    for (const account of subfolders(options.dataDir)) this.#openAccount(account);
  }

  /** @throws FilesError ShareNotFound */
  share(account: string, name: string): Share {
    const share = this.#live.get(`${account}/${name}`);
    if (share === undefined) throw new FilesError('ShareNotFound');
    return share;
  }

  /** The live shares of an account, by name. */
  shares(account: string): Share[] {
    return ofAccount(this.#live, account);
  }

  /** The deleted shares of an account that can still be restored. */
  deletedShares(account: string): Share[] {
    this.#purgeExpired(account);
    return ofAccount(this.#deleted, account);
  }

  /** @throws FilesError ShareAlreadyExists */
  create(account: string, record: ShareRecord): Share {
    if (this.#live.has(`${account}/${record.name}`)) throw new FilesError('ShareAlreadyExists');
    const unfinished = join(this.#options.dataDir, account, `${OWN_PREFIX}.creating-${record.version}`);
    mkdirSync(join(unfinished, 'files'), { recursive: true });
    mkdirSync(join(unfinished, 'snapshots'));
    writeShareRecord(unfinished, record, this.#options.synced);
    renameSync(unfinished, this.#folder(account, record.name));
    return this.#open(account, record.name);
  }

  /** Deletes a share; its folder stays until the retention ends. The caller holds its paths exclusively. */
  delete(account: string, share: Share, time: string): void {
    const { name, version } = share.record;
    share.update({ deletedAt: time });
    share.retire();
    this.#live.delete(`${account}/${name}`);
    this.#moveAway(account, share);
    if (this.softDeleteDays === 0) removeShareFolder(this.#deletedFolder(account, name, version));
    else this.#openDeleted(account, `${name}~${version}`);
  }

  /** Brings a deleted share back under its name. @throws FilesError ShareNotFound, ShareAlreadyExists */
  undelete(account: string, name: string, version: string): Share {
    const key = `${account}/${name}~${version}`;
    const deleted = this.deletedShares(account).find(
      (share) => share.record.name === name && share.record.version === version,
    );
    if (deleted === undefined) throw new FilesError('ShareNotFound');
    if (this.#live.has(`${account}/${name}`)) throw new FilesError('ShareAlreadyExists');
    const { deletedAt: _, ...record } = deleted.record;
    this.#deleted.delete(key);
    deleted.tree.forget(deleted.folder);
    // The folder first: while the record still says deleted, a crash sends it back to where it was.
    renameSync(deleted.folder, this.#folder(account, name));
    writeShareRecord(this.#folder(account, name), record, this.#options.synced);
    return this.#open(account, name);
  }

  /** A root directory as a new share has it. */
  newRoot(): DirectoryEntry {
    const { time, etag } = this.#options.stamps.next();
    return {
      kind: 'directory',
      name: '',
      id: '0',
      etag,
      lastModified: time,
      attributes: 'Directory',
      created: time,
      lastWritten: time,
      changed: time,
    };
  }

  #openAccount(account: string): void {
    for (const name of subfolders(join(this.#options.dataDir, account))) {
      if (name.startsWith(`${OWN_PREFIX}.creating-`)) {
        rmSync(join(this.#options.dataDir, account, name), { recursive: true, force: true });
      } else if (name !== DELETED_FOLDER) this.#recover(account, this.#open(account, name));
    }
    const deletedFolder = join(this.#options.dataDir, account, DELETED_FOLDER);
    for (const name of subfolders(deletedFolder)) {
      if (readdirSync(join(deletedFolder, name)).includes('share.json')) this.#openDeleted(account, name);
      // A crash while a folder was being removed: undelete would bring back half a share.
      else rmSync(join(deletedFolder, name), { recursive: true, force: true });
    }
    this.#purgeExpired(account);
  }

  #recover(account: string, share: Share): void {
    rmSync(join(share.folder, 'snapshots', UNFINISHED_SNAPSHOT), { recursive: true, force: true });
    // The record says deleted and the folder was not moved: the crash came between.
    if (share.record.deletedAt === undefined) return;
    this.#live.delete(`${account}/${share.record.name}`);
    this.#moveAway(account, share);
  }

  #moveAway(account: string, share: Share): void {
    const { name, version } = share.record;
    share.tree.forget(share.folder);
    mkdirSync(join(this.#options.dataDir, account, DELETED_FOLDER), { recursive: true });
    renameSync(share.folder, this.#deletedFolder(account, name, version));
  }

  #purgeExpired(account: string): void {
    const oldest = this.#options.stamps.now() - this.softDeleteDays * DAY_MS;
    for (const share of ofAccount(this.#deleted, account)) {
      if (share.record.deletedAt === undefined || Date.parse(share.record.deletedAt) > oldest) continue;
      this.#deleted.delete(`${account}/${share.record.name}~${share.record.version}`);
      removeShareFolder(share.folder);
    }
  }

  #open(account: string, name: string): Share {
    const share = this.#shareIn(this.#folder(account, name));
    this.#live.set(`${account}/${name}`, share);
    return share;
  }

  #openDeleted(account: string, folderName: string): void {
    const folder = join(this.#options.dataDir, account, DELETED_FOLDER, folderName);
    this.#deleted.set(`${account}/${folderName}`, this.#shareIn(folder));
  }

  #shareIn(folder: string): Share {
    return new Share({ folder, cache: this.#cache, synced: this.#options.synced });
  }

  #folder(account: string, name: string): string {
    return join(this.#options.dataDir, account, name);
  }

  #deletedFolder(account: string, name: string, version: string): string {
    return join(this.#options.dataDir, account, DELETED_FOLDER, `${name}~${version}`);
  }
}

function removeShareFolder(folder: string): void {
  // The record goes first: without it the rest is known to be rubbish.
  rmSync(join(folder, 'share.json'), { force: true });
  rmSync(folder, { recursive: true, force: true });
}

function ofAccount(shares: ReadonlyMap<string, Share>, account: string): Share[] {
  return [...shares]
    .filter(([key]) => key.startsWith(`${account}/`))
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, share]) => share);
}

function subfolders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}
