import { createHash } from 'node:crypto';
import type { OpenSource } from '../source/sourceFile.ts';

const CHUNK_BYTES = 1024 * 1024;

/** SHA-256 (hex) over the first `sizeBytes` of an open file. `afterEach` is awaited after each MiB, to let others go first. */
export async function hashSource(
  source: OpenSource,
  sizeBytes: number,
  signal?: AbortSignal,
  afterEach?: () => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(1, sizeBytes)));
  for (let offset = 0; offset < sizeBytes;) {
    signal?.throwIfAborted();
    const read = await source.read(buffer.subarray(0, Math.min(buffer.length, sizeBytes - offset)), offset);
    if (read === 0) break;
    hash.update(buffer.subarray(0, read));
    offset += read;
    await afterEach?.();
  }
  return hash.digest('hex');
}
