import { folderOf } from '../../shared/domain/relativePath.ts';
import { archiveFile, type Candidate } from './archiveFile.ts';
import { boundedTasks } from './boundedTasks.ts';
import { RANGE_BYTES } from './rangeBuffers.ts';
import { type ArchiveTools, onShare } from './tools.ts';
import type { UploadTurns } from './uploadTurns.ts';
import type { Verdict } from './verdict.ts';

/** Large files under way at the same time: each holds up to three ranges in memory. */
const LARGE_AT_ONCE = 3;
/** So many files in a row that the share did not take: it is down, and the rest waits for the next cycle. */
const HOPELESS_AFTER = 20;
/** Verdicts on their way to the disk: they share its syncs, and no file waits for one. */
const DECIDING_AT_ONCE = 256;

export interface UploadOptions {
  readonly tools: ArchiveTools;
  readonly concurrency: number;
  /** Shared by all jobs of the agent. */
  readonly turns: UploadTurns;
  /** Resolves when a candidate may be begun; before that no place is taken for it. */
  readonly mayBegin: (candidate: Candidate) => Promise<void>;
  /** Called with each verdict; a failure ends the uploads. */
  readonly decided: (verdict: Verdict) => Promise<void>;
}

/**
 * Archives candidates in their order, several at a time. Resolves with why it ended early, or null when every
 * candidate has a verdict. Rejects with the reason of `tools.signal`.
 */
export async function uploadAll(
  candidates: readonly Candidate[],
  options: UploadOptions,
): Promise<string | null> {
  const { tools, decided } = options;
  const tasks = boundedTasks(options.concurrency);
  const deciding = boundedTasks(DECIDING_AT_ONCE);
  const large = boundedGate(LARGE_AT_ONCE);
  let refusedInARow = 0;
  for (const candidate of candidates) {
    if (tasks.failed || deciding.failed || refusedInARow >= HOPELESS_AFTER) break;
    tools.signal.throwIfAborted();
    await options.mayBegin(candidate);
    const isLarge = candidate.file.sizeBytes > RANGE_BYTES;
    if (isLarge) await large.enter();
    const leave = await options.turns.take(candidate.deletionInMs);
    await tasks.run(async () => {
      try {
        const verdict = await archiveFile(tools, candidate);
        refusedInARow = verdict.shareIsDown === true ? refusedInARow + 1 : 0;
        await deciding.run(() => decided(verdict));
      } finally {
        leave();
        if (isLarge) large.leave();
      }
    });
  }
  await tasks.finish();
  await deciding.finish();
  if (refusedInARow < HOPELESS_AFTER) return null;
  return `the share took none of the last ${String(HOPELESS_AFTER)} files: the rest waits for the next cycle`;
}

function boundedGate(limit: number) {
  let inside = 0;
  const waiting: (() => void)[] = [];
  return {
    enter: async () => {
      if (inside >= limit) await new Promise<void>((resolve) => void waiting.push(resolve));
      inside += 1;
    },
    leave: () => {
      inside -= 1;
      waiting.shift()?.();
    },
  };
}

/** How many of these files belong in each folder of the share. */
export function countByFolder(
  tools: Pick<ArchiveTools, 'sharePath'>,
  files: readonly Pick<Candidate, 'file'>[],
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { file } of files) {
    const folder = folderOf(onShare(tools, file.path));
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return counts;
}
