import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

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

/** Opens through the file system; never follows a link that took the file's place, never waits on a pipe. */
export const openSourceFile: OpenSourceFile = async (absolutePath) => {
  const flags = constants.O_RDONLY | noFollow | noWait;
  const handle = await open(absolutePath, flags);
  return {
    stat: async () => {
      const stat = await handle.stat();
      return {
        sizeBytes: stat.size,
        mtimeMs: Math.floor(stat.mtimeMs),
        ctimeMs: stat.ctimeMs,
        fileId: stat.ino,
        linked: stat.nlink > 0,
      };
    },
    read: (into, offset) => readFully(handle, into, offset),
    close: () => handle.close(),
  };
};

/** Absent on Windows, where neither case exists. */
const noFollow = (constants as Partial<typeof constants>).O_NOFOLLOW ?? 0;
const noWait = (constants as Partial<typeof constants>).O_NONBLOCK ?? 0;

async function readFully(handle: FileHandle, into: Buffer, offset: number): Promise<number> {
  let total = 0;
  while (total < into.length) {
    const { bytesRead } = await handle.read(into, total, into.length - total, offset + total);
    if (bytesRead === 0) break;
    total += bytesRead;
  }
  return total;
}
