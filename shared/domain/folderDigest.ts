import { createHash } from 'node:crypto';

/** Text hashed at once: a call for each line would cost more than the hash itself. */
const BLOCK_LENGTH = 65_536;

/** What a digest knows of a file: its folded name's key (64 hex digits), size and whole-millisecond time. */
export interface DigestedFile {
  readonly keyHex: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

/**
 * The digest of one folder: SHA-256 (hex) over its files' keys, sizes and times, ordered by key, so that two
 * sides that hold the same files agree whatever order they list them in. No two files may have one key.
 */
export function folderDigest(files: Iterable<DigestedFile>): string {
  const sorted = [...files].sort((a, b) => (a.keyHex < b.keyHex ? -1 : a.keyHex > b.keyHex ? 1 : 0));
  const hash = createHash('sha256');
  let lines = '';
  for (const file of sorted) {
    lines += `${file.keyHex} ${String(file.sizeBytes)} ${String(file.mtimeMs)}\n`;
    if (lines.length < BLOCK_LENGTH) continue;
    hash.update(lines);
    lines = '';
  }
  return hash.update(lines).digest('hex');
}
