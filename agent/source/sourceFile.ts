import { closeSync, constants, fstatSync, open, read } from 'node:fs';
import { promisify } from 'node:util';

/** A file of the source as it was seen: what identifies it. Times in milliseconds, `mtimeMs` whole. */
export interface SourceFile {
  readonly folder: string;
  readonly name: string;
  /** Below the job's source, `/` between components. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly fileId: number;
}

/** What Azure Files can record: 1601 to 9999. */
const EARLIEST_MS = Date.UTC(1601, 0, 1);
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** A file's time in whole milliseconds; one that no share can record counts as the nearest that one can. */
export function sourceTimeMs(mtimeMs: number): number {
  return Math.min(Math.max(Math.floor(mtimeMs), EARLIEST_MS), LATEST_MS);
}

/** What one look at an open file says. */
export interface SourceStat {
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly fileId: number;
  /** False once the last name of the file is gone: the handle still reads it to its end. */
  readonly linked: boolean;
}

/** An open source file; it stays readable while the instrument deletes it. */
export interface OpenSource {
  stat(): Promise<SourceStat>;
  /** Fills the buffer from `offset`, or as much of it as the file has; returns the bytes read. */
  read(into: Buffer, offset: number): Promise<number>;
  close(): Promise<void>;
}

/** Opens a source file for reading; the seam where tests make a file locked or unreadable. */
export type OpenSourceFile = (absolutePath: string) => Promise<OpenSource>;

const openAsync = promisify(open);
const readAsync = promisify(read);

/**
 * Opens through the file system; never follows a link that took the file's place, never waits on a pipe. What may wait
 * for the disk does so in another thread; looking at an open file and closing it do not, and cost less done at once.
 */
export const openSourceFile: OpenSourceFile = async (absolutePath) => {
  const descriptor = await openAsync(absolutePath, constants.O_RDONLY | noFollow | noWait);
  return {
    stat: async () => {
      const stat = fstatSync(descriptor);
      return {
        sizeBytes: stat.size,
        mtimeMs: sourceTimeMs(stat.mtimeMs),
        ctimeMs: stat.ctimeMs,
        fileId: stat.ino,
        linked: stat.nlink > 0,
      };
    },
    read: (into, offset) => readFully(descriptor, into, offset),
    close: async () => closeSync(descriptor),
  };
};

/** Absent on Windows, where neither case exists. */
const noFollow = (constants as Partial<typeof constants>).O_NOFOLLOW ?? 0;
const noWait = (constants as Partial<typeof constants>).O_NONBLOCK ?? 0;

async function readFully(descriptor: number, into: Buffer, offset: number): Promise<number> {
  let total = 0;
  while (total < into.length) {
    const { bytesRead } = await readAsync(descriptor, into, total, into.length - total, offset + total);
    if (bytesRead === 0) break;
    total += bytesRead;
  }
  return total;
}
