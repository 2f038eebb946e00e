import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { diskNameOf } from './entry.ts';
import type { Entry } from './entry.ts';
import { Journal, readJournal } from './journal.ts';
import type { JournalRecord } from './journal.ts';
import { foldName, OWN_PREFIX, STAGED_PREFIX } from './names.ts';

export const JOURNAL_NAME = `${OWN_PREFIX}.journal`;
/** A journal is rewritten when it holds this many times more lines than entries, and is worth the trouble. */
const REWRITE_FACTOR = 3;
const REWRITE_MIN_LINES = 2000;

export interface ListRequest {
  readonly prefix?: string | undefined;
  /** The folded name to begin with. */
  readonly from?: string | undefined;
  readonly max: number;
}

export interface ListPage {
  readonly entries: readonly Entry[];
  /** The folded name the next page begins with; undefined on the last. */
  readonly next: string | undefined;
}

/**
 * One directory of a share: its folder on the disk below, and the entries in it, all of them in memory. The
 * journal in the folder is the truth; memory is changed only after the journal has the change.
 */
export class Directory {
  readonly diskPath: string;
  readonly #journal: Journal;
  readonly #entries: Map<string, Entry>;
  #sorted: string[] | undefined;
  #lines: number;

  private constructor(options: {
    diskPath: string;
    journal: Journal;
    entries: Map<string, Entry>;
    lines: number;
  }) {
    this.diskPath = options.diskPath;
    this.#journal = options.journal;
    this.#entries = options.entries;
    this.#lines = options.lines;
  }

  /**
   * Reads a directory's journal and finishes what a crash interrupted.
   * @param options.readOnly for the folders of a share snapshot: nothing is repaired or written there.
   */
  static load(options: { diskPath: string; synced: boolean; readOnly: boolean }): Directory {
    const path = join(options.diskPath, JOURNAL_NAME);
    const { records, wholeBytes, torn } = readJournal(path);
    const journal = new Journal({ path, sizeBytes: wholeBytes, synced: options.synced });
    const entries = replay(records);
    const directory = new Directory({ ...options, journal, entries, lines: records.length });
    if (options.readOnly) return directory;
    if (torn) journal.truncateTo(wholeBytes);
    directory.#finishStaged();
    directory.#rewriteIfWorth();
    return directory;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(name: string): Entry | undefined {
    return this.#entries.get(foldName(name));
  }

  entries(): IterableIterator<Entry> {
    return this.#entries.values();
  }

  /** Where an entry's data file or folder is on the disk below. */
  pathOf(entry: Entry): string {
    return join(this.diskPath, diskNameOf(entry));
  }

  /** Adds or replaces an entry; durable against a kill of this process when it returns. */
  put(entry: Entry): void {
    this.#journal.append({ put: entry });
    const key = foldName(entry.name);
    if (!this.#entries.has(key)) this.#insertSorted(key);
    this.#entries.set(key, entry);
    this.#lines += 1;
    this.#rewriteIfWorth();
  }

  remove(name: string): void {
    const key = foldName(name);
    if (!this.#entries.has(key)) return;
    this.#journal.append({ gone: key });
    this.#entries.delete(key);
    if (this.#sorted !== undefined) this.#sorted.splice(lowerBound(this.#sorted, key), 1);
    this.#lines += 1;
    this.#rewriteIfWorth();
  }

  settle(): Promise<void> {
    return this.#journal.settle();
  }

  /** A page of the entries in the order of their folded names. */
  list(request: ListRequest): ListPage {
    const prefix = foldName(request.prefix ?? '');
    const sorted = (this.#sorted ??= [...this.#entries.keys()].sort());
    const from = request.from !== undefined && request.from > prefix ? request.from : prefix;
    const entries: Entry[] = [];
    for (let index = lowerBound(sorted, from); index < sorted.length; index += 1) {
      const key = sorted[index] ?? '';
      if (!key.startsWith(prefix)) break;
      if (entries.length === request.max) return { entries, next: key };
      const entry = this.#entries.get(key);
      if (entry !== undefined) entries.push(entry);
    }
    return { entries, next: undefined };
  }

  #insertSorted(key: string): void {
    if (this.#sorted !== undefined) this.#sorted.splice(lowerBound(this.#sorted, key), 0, key);
  }

  #finishStaged(): void {
    const waiting = new Set(readdirSync(this.diskPath).filter((name) => name.startsWith(STAGED_PREFIX)));
    if (waiting.size === 0) return;
    for (const entry of this.#entries.values()) {
      if (entry.kind !== 'file' || entry.staged === undefined || !waiting.delete(entry.staged)) continue;
      renameSync(join(this.diskPath, entry.staged), this.pathOf(entry));
    }
    // What is still staged was never named by the journal: a crash came before the client had its answer.
    for (const name of waiting) rmSync(join(this.diskPath, name), { force: true });
  }

  #rewriteIfWorth(): void {
    if (this.#lines < REWRITE_MIN_LINES || this.#lines < REWRITE_FACTOR * this.#entries.size) return;
    this.#journal.rewrite(puts(this.#entries.values()));
    this.#lines = this.#entries.size;
  }
}

function* puts(entries: Iterable<Entry>): Generator<JournalRecord> {
  for (const entry of entries) yield { put: entry };
}

function replay(records: readonly JournalRecord[]): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const record of records) {
    if ('put' in record) entries.set(foldName(record.put.name), record.put);
    else entries.delete(record.gone);
  }
  return entries;
}

function lowerBound(sorted: readonly string[], key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
