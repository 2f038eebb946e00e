import { fsyncSync, ftruncateSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { syncPath, withDescriptor } from './disk.ts';
import type { Entry } from './entry.ts';

/** One change of a directory: an entry as it is now, or the folded name of one that is gone. */
export type JournalRecord = { readonly put: Entry } | { readonly gone: string };

/** A line of the journal: the checksum says whether the line reached the disk whole. */
function encodeRecord(record: JournalRecord): string {
  const json = JSON.stringify(record);
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
}

export interface JournalContent {
  readonly records: readonly JournalRecord[];
  /** Where the last whole line ends; a process killed while writing may leave a torn one behind it. */
  readonly wholeBytes: number;
  readonly torn: boolean;
}

/**
 * Reads a journal; one that does not exist is empty.
 * @throws Error when a line before the last is damaged: that is no crash of this server but a broken disk or a
 * hand that edited the file, and going on would silently lose entries.
 */
export function readJournal(path: string): JournalContent {
  const bytes = readIfThere(path);
  const records: JournalRecord[] = [];
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    const record = decodeRecord(bytes.toString('utf8', start, end));
    if (record === undefined && end < bytes.length - 1) {
      throw new Error(`reading ${path}: the line at byte ${start} is damaged; wanted: checksum and JSON`);
    }
    if (record === undefined) break;
    records.push(record);
    start = end + 1;
  }
  return { records, wholeBytes: start, torn: start < bytes.length };
}

function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

function decodeRecord(line: string): JournalRecord | undefined {
  const json = line.slice(9);
  if (Number.parseInt(line.slice(0, 8), 16) !== crc32(json)) return undefined;
  return JSON.parse(json) as JournalRecord;
}

/**
 * The append-only file in which a directory's entries are kept. A record is in the page cache when `append`
 * returns: a kill of this process cannot lose it. With `synced`, `settle` also waits for the disk. No descriptor
 * stays open, so that any number of directories may be in memory.
 */
export class Journal {
  readonly #path: string;
  readonly #synced: boolean;
  #sizeBytes: number;
  #settling: Promise<void> = Promise.resolve();

  constructor(options: { path: string; sizeBytes: number; synced: boolean }) {
    this.#path = options.path;
    this.#sizeBytes = options.sizeBytes;
    this.#synced = options.synced;
  }

  append(record: JournalRecord): void {
    const line = Buffer.from(encodeRecord(record));
    withDescriptor(this.#path, 'a', (descriptor) => {
      try {
        writeWhole(descriptor, line);
      } catch (error) {
        // A full disk may take half a line: cut it off, or the next record would be glued to it.
        ftruncateSync(descriptor, this.#sizeBytes);
        throw error;
      }
    });
    this.#sizeBytes += line.length;
  }

  /** Resolves when everything appended so far is as durable as the server was told to make it. */
  settle(): Promise<void> {
    if (!this.#synced) return Promise.resolve();
    // One after the other: whoever appended while an fsync ran is served by the next.
    this.#settling = this.#settling.then(() => syncPath(this.#path));
    return this.#settling;
  }

  /** Replaces the whole journal by these records, atomically: a crash leaves the old or the new one. */
  rewrite(records: Iterable<JournalRecord>): void {
    const next = `${this.#path}.next`;
    let sizeBytes = 0;
    withDescriptor(next, 'w', (descriptor) => {
      for (const chunk of chunks(records)) sizeBytes += writeWhole(descriptor, chunk);
      if (this.#synced) fsyncSync(descriptor);
    });
    renameSync(next, this.#path);
    this.#sizeBytes = sizeBytes;
  }

  /** Cuts off what a crash left half-written. */
  truncateTo(sizeBytes: number): void {
    withDescriptor(this.#path, 'a', (descriptor) => ftruncateSync(descriptor, sizeBytes));
    this.#sizeBytes = sizeBytes;
  }
}

function* chunks(records: Iterable<JournalRecord>): Generator<Buffer> {
  let lines: string[] = [];
  for (const record of records) {
    lines.push(encodeRecord(record));
    if (lines.length < 1000) continue;
    yield Buffer.from(lines.join(''));
    lines = [];
  }
  yield Buffer.from(lines.join(''));
}

function writeWhole(descriptor: number, bytes: Buffer): number {
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
  return bytes.length;
}
