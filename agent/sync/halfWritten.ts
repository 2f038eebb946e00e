import { foldPath } from '../../shared/domain/paths.ts';
import type { ArchivedFacts } from '../../shared/domain/shareMetadata.ts';
import { ShareFault } from '../share/shareFault.ts';
import type { Range, ShareStamp } from '../share/shareFiles.ts';
import { requireNotEmptied } from './emptied.ts';
import type { FileProgress } from './inFlight.ts';
import { noted } from './noted.ts';
import { markWhole } from './place.ts';
import { RANGE_BYTES } from './rangeBuffers.ts';
import type { ArchiveTools } from './tools.ts';

type WriteTools = Pick<ArchiveTools, 'share' | 'inFlight' | 'lateWrites'>;

/**
 * Creates a half-written file of its full size and says when the share did so, in ms of its clock. Rejects with `ShareFault` while
 * other content may still come to its place.
 */
export async function createHalf(
  tools: WriteTools,
  target: string,
  { sizeBytes, uploadId }: { readonly sizeBytes: number; readonly uploadId: string },
  signal: AbortSignal,
): Promise<number> {
  // A create alone may come late: `markSent` sees that.
  if (tools.inFlight.mayStillArrive(foldPath(target), 'content'))
    throw new ShareFault(
      'permanent',
      'Unsettled',
      `beginning ${target} anew: an earlier write to it was not answered and may still arrive; a later cycle begins`,
    );
  return tools.share.attempt(signal, (files) =>
    noted(tools, target, 'create', files.createHalf(target, sizeBytes, uploadId, signal)),
  );
}

/** Sends one range of it. */
export async function putRange(
  tools: WriteTools,
  target: string,
  range: Range,
  signal: AbortSignal,
  progress?: FileProgress,
): Promise<void> {
  await tools.share.attempt(
    signal,
    (files) => noted(tools, target, 'content', files.putRange(target, range, signal)),
    progress,
  );
}

/**
 * Sets the whole mark of a file that was created then, and whose bytes were sent. Rejects with `ShareFault`, and leaves it
 * half-written, when a create that came late has emptied it. From its mark on the share takes neither create nor range, so where
 * one may still be on its way, the file is looked at once more.
 */
export async function markSent(
  tools: WriteTools,
  target: string,
  { createdMs, ...facts }: ArchivedFacts & { readonly createdMs: number },
  signal: AbortSignal,
): Promise<ShareStamp> {
  const { inFlight, lateWrites } = tools;
  const mayComeLate = () => inFlight.mayStillArrive(foldPath(target)) || lateWrites.leftMs() > 0;
  // A large one may be under way for longer than a write is remembered.
  if (facts.sizeBytes > RANGE_BYTES || mayComeLate())
    await requireNotEmptied(tools, target, createdMs, signal);
  const stamp = await markWhole(tools, target, facts, signal);
  if (mayComeLate()) await requireNotEmptied(tools, target, createdMs, signal);
  return stamp;
}
