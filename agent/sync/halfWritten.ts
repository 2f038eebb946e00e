import { foldPath } from '../../shared/domain/paths.ts';
import type { ArchivedFacts } from '../../shared/domain/shareMetadata.ts';
import { ShareFault } from '../share/shareFault.ts';
import type { Range, ShareFiles, ShareStamp } from '../share/shareFiles.ts';
import type { FileProgress } from './inFlight.ts';
import { markWhole } from './place.ts';
import type { ArchiveTools } from './tools.ts';

type WriteTools = Pick<ArchiveTools, 'share' | 'inFlight'>;

/** Creates a half-written file of its full size. */
export async function createHalf(
  tools: WriteTools,
  target: string,
  { sizeBytes, uploadId }: { readonly sizeBytes: number; readonly uploadId: string },
  signal: AbortSignal,
): Promise<void> {
  await tools.share.attempt(signal, (files) =>
    noted(tools, target, files.createHalf(target, sizeBytes, uploadId, signal)),
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
  const put = (files: ShareFiles) => noted(tools, target, files.putRange(target, range, signal));
  await tools.share.attempt(signal, put, progress);
}

/** Remembers a write of which nobody knows whether it was, or will be, carried out. */
async function noted({ inFlight }: WriteTools, target: string, write: Promise<void>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!(error instanceof ShareFault) || !error.settled) inFlight.unanswered(foldPath(target));
    throw error;
  }
}

/**
 * Sets the whole mark of a file whose bytes were sent. From then on the share takes no create and no range for it: what it holds it
 * keeps. A create that was given up and came late may have emptied it before; then it loses its mark again, and this rejects with
 * `ShareFault`: a later cycle sends the file.
 */
export async function markSent(
  tools: WriteTools,
  target: string,
  facts: ArchivedFacts,
  signal: AbortSignal,
): Promise<ShareStamp> {
  const stamp = await markWhole(tools, target, facts, signal);
  const { share, inFlight } = tools;
  if (!inFlight.mayStillArrive(foldPath(target))) return stamp;
  const written = await share.attempt(signal, (files) => files.writtenRanges(target, signal));
  if (isHeld(written, { offset: 0, sizeBytes: facts.sizeBytes })) return stamp;
  await share.attempt(signal, (files) => files.unmark(target, signal));
  throw new ShareFault(
    'permanent',
    'Unsettled',
    `archiving ${target}: an earlier create, which was not answered, came late and emptied it; a later cycle sends it again`,
  );
}

/** Whether the share holds every byte of a piece of a file. `written` is in order; `end` is the last byte. */
export function isHeld(
  written: readonly { readonly start: number; readonly end: number }[],
  { offset, sizeBytes }: { readonly offset: number; readonly sizeBytes: number },
): boolean {
  let reached = offset;
  for (const { start, end } of written) if (start <= reached) reached = Math.max(reached, end + 1);
  return reached >= offset + sizeBytes;
}
