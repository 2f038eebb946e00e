import { closeSync, open, read } from 'node:fs';
import { promisify } from 'node:util';

export interface LineAt {
  /** Where it begins in its file. */
  readonly offset: number;
  /** Where the next one begins. */
  readonly end: number;
  readonly text: string;
}

// Not `node:fs/promises`: nothing else in an idle cycle needs that module, and each start would load it.
const openAsync = promisify(open);
const readAsync = promisify(read);

export const CHUNK_BYTES = 256 * 1024;

/**
 * The whole lines from an offset on, of the next 256 KiB. A last line without its end is left for later. Undefined
 * when there is none; a chunk without any line end is passed over.
 */
export async function wholeLines(
  path: string,
  offset: number,
): Promise<{ readonly lines: readonly LineAt[]; readonly end: number } | undefined> {
  const handle = await openAsync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    const { bytesRead } = await readAsync(handle, buffer, 0, CHUNK_BYTES, offset);
    const chunk = buffer.subarray(0, bytesRead);
    const last = chunk.lastIndexOf(0x0a);
    if (last >= 0) return { lines: split(chunk.subarray(0, last + 1), offset), end: offset + last + 1 };
    return bytesRead === CHUNK_BYTES ? { lines: [], end: offset + bytesRead } : undefined;
  } finally {
    closeSync(handle);
  }
}

function split(chunk: Buffer, offset: number): LineAt[] {
  const lines: LineAt[] = [];
  for (let at = 0; at < chunk.length;) {
    const next = chunk.indexOf(0x0a, at) + 1;
    const text = chunk.toString('utf8', at, next - 1);
    lines.push({ offset: offset + at, end: offset + next, text });
    at = next;
  }
  return lines;
}
