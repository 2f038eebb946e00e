import { createHash } from 'node:crypto';
import { ShareFault } from '../share/shareFault.ts';
import type { FileOnShare } from '../share/shareFiles.ts';
import { RANGE_BYTES } from './rangeBuffers.ts';
import type { ArchiveTools } from './tools.ts';

/**
 * SHA-256 (hex) over a file's bytes as they are on the share, however large: each range is a request of its own, with its
 * own time and its own repeats. Rejects with a `ShareFault` (permanent) when the file changes meanwhile.
 */
export async function hashOnShare(
  { share }: Pick<ArchiveTools, 'share'>,
  target: string,
  existing: FileOnShare,
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  for (let offset = 0; offset < existing.sizeBytes; offset += RANGE_BYTES) {
    const range = { offset, sizeBytes: Math.min(RANGE_BYTES, existing.sizeBytes - offset) };
    const { bytes, etag } = await share.attempt(signal, (files) => files.readRange(target, range, signal));
    if (etag !== existing.stamp.etag)
      throw new ShareFault('permanent', 'Changed', `reading ${target} from the share: somebody writes to it`);
    hash.update(bytes);
  }
  return hash.digest('hex');
}
