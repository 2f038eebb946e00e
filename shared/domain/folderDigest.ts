import { createHash } from 'node:crypto';

/** What a digest knows of a file: its folded name's key (64 hex digits), size and whole-millisecond time. */
export interface DigestedFile {
  readonly keyHex: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

/**
 * The digest of one folder: SHA-256 (hex) over its files' keys, sizes and times, ordered by key, so that two
 * sides that hold the same files agree whatever order they list them in. Equal keys count once.
 */
export function folderDigest(files: Iterable<DigestedFile>): string {
  const sorted = [...files].sort((a, b) => (a.keyHex < b.keyHex ? -1 : a.keyHex > b.keyHex ? 1 : 0));
  const hash = createHash('sha256');
  for (const file of sorted)
    hash.update(`${file.keyHex} ${String(file.sizeBytes)} ${String(file.mtimeMs)}\n`);
  return hash.digest('hex');
}
