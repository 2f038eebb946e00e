import { ShareFault } from '../share/shareFault.ts';
import type { FileOnShare } from '../share/shareFiles.ts';
import { noted } from './noted.ts';
import type { ArchiveTools } from './tools.ts';

type EmptiedTools = Pick<ArchiveTools, 'share' | 'inFlight'>;

/**
 * Rejects with `ShareFault` when a file is not the one that was created at this time: a create that was given up, and was carried
 * out late, has emptied it since. It is left half-written, or made so: a later cycle sends it.
 */
export async function requireNotEmptied(
  tools: EmptiedTools,
  target: string,
  createdMs: number,
  signal: AbortSignal,
): Promise<void> {
  const existing = await tools.share.attempt(signal, (files) => files.look(target, signal));
  if (existing === undefined) throw unsettled(target, 'it is gone from the share since it was begun');
  if (existing.createdMs !== createdMs) await refuseEmptied(tools, target, existing, signal);
}

/** Takes the mark from what only looks whole, and rejects. */
export async function refuseEmptied(
  tools: EmptiedTools,
  target: string,
  { whole }: Pick<FileOnShare, 'whole'>,
  signal: AbortSignal,
): Promise<never> {
  if (whole)
    await tools.share.attempt(signal, (files) =>
      noted(tools, target, 'content', files.unmark(target, signal)),
    );
  throw unsettled(target, 'an earlier create, which was not answered, came late and emptied it');
}

function unsettled(target: string, why: string): ShareFault {
  return new ShareFault(
    'permanent',
    'Unsettled',
    `archiving ${target}: ${why}; a later cycle sends it again`,
  );
}
