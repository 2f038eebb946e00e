import { randomUUID } from 'node:crypto';
import { constants, renameSync } from 'node:fs';
import { copyFile, link, open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FilesError } from '../errors.ts';
import type { Directory } from './directory.ts';
import { isErrno, syncPath } from './disk.ts';
import type { FileEntry } from './entry.ts';
import { STAGED_PREFIX } from './names.ts';
import { clipRanges, pairs } from './ranges.ts';
import type { Ranges } from './ranges.ts';

const ZEROS_BYTES = 1024 * 1024;

/** A disk without room answers as a share without room does. */
export async function orShareFull<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isErrno(error, 'ENOSPC', 'EDQUOT', 'EFBIG'))
      throw new FilesError('ShareSizeLimitReached', { cause: error });
    throw error;
  }
}

/**
 * Gives an entry a new data file: written beside the final place, named by the journal, then renamed over it.
 * A crash before the journal leaves the old file; a crash after it leaves a staged file, and loading the
 * directory finishes the rename.
 * @param fill writes the content into the file at the path it is given.
 */
export async function replaceData(options: {
  directory: Directory;
  entry: FileEntry;
  synced: boolean;
  fill: (path: string) => Promise<void>;
}): Promise<FileEntry> {
  const { directory, synced } = options;
  const staged = `${STAGED_PREFIX}${options.entry.id}-${randomUUID()}`;
  const stagedPath = join(directory.diskPath, staged);
  const entry = { ...options.entry, staged };
  try {
    await options.fill(stagedPath);
    if (synced) await syncPath(stagedPath);
    directory.put(entry);
  } catch (error) {
    await rm(stagedPath, { force: true });
    throw error;
  }
  renameSync(stagedPath, directory.pathOf(entry));
  if (synced) await syncPath(directory.diskPath);
  await directory.settle();
  return entry;
}

/** Makes a file of that size with this content at its beginning; the rest is a hole. */
export async function writeNewFile(path: string, sizeBytes: number, content: Buffer): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    if (content.length > 0) await writeAll(handle, content, 0);
    if (sizeBytes > content.length) await handle.truncate(sizeBytes);
  } finally {
    await handle.close();
  }
}

/** Copies a data file, by a reference where the file system can. */
export async function copyData(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
}

/** Links a data file into a snapshot; where links are not to be had, copies it. */
export async function linkData(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!isErrno(error, 'EPERM', 'EMLINK', 'ENOTSUP', 'EXDEV', 'ENOSYS')) throw error;
    await copyData(from, to);
  }
}

/** Opens a data file for writing in place, unless a snapshot shares it: then the answer is undefined. */
export async function openUnshared(path: string): Promise<FileHandle | undefined> {
  const handle = await open(path, 'r+');
  const { nlink } = await handle.stat();
  if (nlink === 1) return handle;
  await handle.close();
  return undefined;
}

/** Writes all the bytes at an offset. */
export async function writeAll(handle: FileHandle, bytes: Buffer, offset: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, offset + done);
    done += bytesWritten;
  }
}

/** Sets to zero what was written between start and end. */
export async function zeroRange(
  handle: FileHandle,
  written: Ranges,
  start: number,
  end: number,
): Promise<void> {
  const zeros = Buffer.alloc(ZEROS_BYTES);
  for (const [from, to] of pairs(clipRanges(written, start, end))) {
    for (let at = from; at < to; at += ZEROS_BYTES) {
      await writeAll(handle, zeros.subarray(0, Math.min(ZEROS_BYTES, to - at)), at);
    }
  }
}

/**
 * Makes a data file longer. What lies beyond its present size is cut off first: a shrink that a crash
 * interrupted may have left old bytes there, and they must not come back.
 */
export async function growFile(handle: FileHandle, fromBytes: number, toBytes: number): Promise<void> {
  await handle.truncate(fromBytes);
  await handle.truncate(toBytes);
}

/** Removes a data file that no entry names any more. */
export async function removeData(path: string, synced: boolean): Promise<void> {
  await rm(path, { force: true });
  if (synced) await syncPath(dirname(path));
}
