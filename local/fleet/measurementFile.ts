import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { sizeAndTime } from './sourceFolder.ts';

/** What a finished file is, to be found again on the share. */
export interface Finished {
  sizeBytes: number;
  /** Whole milliseconds, rounded down. */
  mtimeMs: number;
  sha256: string;
}

const pieceBytes = 512 * 1024;

/**
 * Writes a new file piece by piece under its final name, as instruments do; `pause` is called after each piece with the part
 * of the whole that it was, in (0, 1]. Refuses to touch a file that exists (EEXIST). `mtime` back-dates the file.
 */
export async function writeMeasurement(
  path: Buffer,
  {
    sizeBytes,
    minPieces,
    content,
    pause,
    mtime,
  }: {
    sizeBytes: number;
    minPieces: number;
    content: (sizeBytes: number) => Buffer;
    pause: (part: number) => Promise<void>;
    mtime?: Date;
  },
): Promise<Finished> {
  const hash = createHash('sha256');
  const handle = await open(path, 'wx');
  try {
    const pieces = Math.max(minPieces, Math.ceil(sizeBytes / pieceBytes));
    for (const pieceSize of splitEvenly(sizeBytes, pieces)) {
      const piece = content(pieceSize);
      hash.update(piece);
      await handle.writeFile(piece);
      await pause(pieceSize / sizeBytes);
    }
    if (mtime) await handle.utimes(mtime, mtime);
    return { ...sizeAndTime(await handle.stat()), sha256: hash.digest('hex') };
  } finally {
    await handle.close();
  }
}

/** Overwrites the beginning of a finished file and adds to its end. */
export async function changeMeasurement(
  path: Buffer,
  { head, tail }: { head: Buffer; tail: Buffer },
): Promise<Finished> {
  const handle = await open(path, 'r+');
  try {
    const { size } = await handle.stat();
    await handle.write(head, 0, Math.min(head.length, size), 0);
    await handle.write(tail, 0, tail.length, size);
  } finally {
    await handle.close();
  }
  return readFinished(path);
}

/** Reads back size, time and hash of a file that nobody writes to any more. */
export async function readFinished(path: Buffer): Promise<Finished> {
  const hash = createHash('sha256');
  const handle = await open(path, 'r');
  try {
    const facts = sizeAndTime(await handle.stat());
    await pipeline(createReadStream('', { fd: handle.fd, autoClose: false }), hash, { end: false });
    return { ...facts, sha256: hash.digest('hex') };
  } finally {
    await handle.close();
  }
}

function splitEvenly(sizeBytes: number, pieces: number): number[] {
  const ends = Array.from({ length: pieces }, (_, index) => Math.round((sizeBytes * (index + 1)) / pieces));
  return ends.map((end, index) => end - (ends[index - 1] ?? 0)).filter((size) => size > 0);
}
