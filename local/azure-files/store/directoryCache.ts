import type { Directory } from './directory.ts';

/** How many entries may be in memory before the directories used longest ago are let go. */
export const DEFAULT_MAX_ENTRIES = 400_000;

/**
 * The directories in memory, the least recently used let go above a bound on their entries. A directory that an
 * operation still holds is found again through its weak reference: two copies of one directory would overwrite
 * each other's changes.
 */
export class DirectoryCache {
  readonly #maxEntries: number;
  readonly #recent = new Map<string, { readonly directory: Directory; readonly counted: number }>();
  readonly #known = new Map<string, WeakRef<Directory>>();
  #entryCount = 0;

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  /** How many directories are held in memory. */
  get size(): number {
    return this.#recent.size;
  }

  /** The directory at a folder of the disk below, loaded when it is not in memory. */
  use(diskPath: string, load: () => Directory): Directory {
    const held = this.#recent.get(diskPath)?.directory ?? this.#known.get(diskPath)?.deref();
    const directory = held ?? load();
    if (held === undefined) this.#known.set(diskPath, new WeakRef(directory));
    this.#letGo(diskPath);
    this.#recent.set(diskPath, { directory, counted: directory.size });
    this.#entryCount += directory.size;
    if (held === undefined) this.#shrink(directory);
    return directory;
  }

  /** Forgets a folder and everything below it: it was renamed or removed. */
  forget(diskPath: string, separator: string): void {
    const below = diskPath + separator;
    for (const path of this.#known.keys()) {
      if (path !== diskPath && !path.startsWith(below)) continue;
      this.#letGo(path);
      this.#known.delete(path);
    }
  }

  #shrink(keep: Directory): void {
    for (const [path, { directory }] of this.#recent) {
      if (this.#entryCount <= this.#maxEntries) break;
      if (directory !== keep) this.#letGo(path);
    }
    if (this.#known.size < 2 * this.#recent.size + 1000) return;
    for (const [path, reference] of this.#known)
      if (reference.deref() === undefined) this.#known.delete(path);
  }

  #letGo(path: string): void {
    this.#entryCount -= this.#recent.get(path)?.counted ?? 0;
    this.#recent.delete(path);
  }
}
