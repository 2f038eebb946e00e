import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { indexFolder } from '../index/localIndex.ts';
import type { AgentLog } from '../logging/log.ts';

/**
 * Remembers, over the death of the process, that uploads were cut short. Their last requests have left, and the share may carry
 * them out when the file was brought anew meanwhile: it would be emptied, or get another stamp than the state index has.
 */
export interface LateWrites {
  begin(jobId: string): UploadSpell;
}

/** The uploads of one job in one cycle. */
export interface UploadSpell {
  /** Resolves when no request of uploads that were cut short before can arrive any more; rejects with the signal's reason. */
  earlierSettled(signal: AbortSignal): Promise<void>;
  /** From now on requests may be under way. */
  writing(): void;
  /** `waitedFor`: every upload was, to its end; otherwise they were cut short. */
  end(waitedFor: boolean): void;
}

export interface LateWritesOptions {
  readonly stateFolder: string;
  /** How late the share may carry out a request that nobody waits for any more; 0: never late. */
  readonly arriveWithinMs: number;
  /** The wall clock: two processes share no other. Set back meanwhile, it makes the wait as long as it can be, and no longer. */
  readonly now: () => number;
  readonly log: AgentLog;
}

/** Beside the job's local index while uploads are under way; holds when they last were. */
const MARK_FILE = 'uploading';
const RENEWED_EVERY_MS = 1000;

export function rememberLateWrites(options: LateWritesOptions): LateWrites {
  return {
    begin: (jobId) => {
      const mark = markAt(join(indexFolder(options.stateFolder, jobId), MARK_FILE), options);
      let waiting: Promise<void> | undefined;
      let renewing: NodeJS.Timeout | undefined;
      const waitMs = waitAfter(mark.read(), options);
      const wait = async (signal: AbortSignal) => {
        const seconds = Math.ceil(waitMs / 1000);
        options.log.info(
          { jobId, seconds },
          'Uploads were cut short before: waiting until none of their requests can reach the share any more',
        );
        await sleep(waitMs, undefined, { signal });
      };
      return {
        earlierSettled: async (signal) => {
          if (waitMs > 0) await (waiting ??= wait(signal));
        },
        writing: () => {
          if (renewing !== undefined) return;
          mark.renew();
          renewing = setInterval(mark.renew, RENEWED_EVERY_MS).unref();
        },
        end: (waitedFor) => {
          if (renewing === undefined) return;
          clearInterval(renewing);
          if (waitedFor) mark.remove();
          else mark.renew();
        },
      };
    },
  };
}

function waitAfter(cutAtMs: number | undefined, { arriveWithinMs, now }: LateWritesOptions): number {
  if (cutAtMs === undefined || arriveWithinMs === 0) return 0;
  const longestMs = arriveWithinMs + RENEWED_EVERY_MS;
  const leftMs = cutAtMs + longestMs - now();
  // A mark that was torn says no time.
  return Number.isNaN(leftMs) ? longestMs : Math.min(longestMs, Math.max(0, leftMs));
}

/** A file that says when uploads were last under way. A disk that does not take it costs the wait, and no upload. */
function markAt(file: string, { now, log }: LateWritesOptions) {
  let isWarned = false;
  const trying = (work: () => void) => {
    try {
      work();
    } catch (error) {
      if (!isWarned)
        log.warn({ file, error: String(error) }, 'It cannot be noted that uploads are under way');
      isWarned = true;
    }
  };
  return {
    read: (): number | undefined => {
      try {
        return Number.parseInt(readFileSync(file, 'utf8'), 10);
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : Number.NaN;
      }
    },
    renew: () => trying(() => writeFileSync(file, String(now()), { mode: 0o600 })),
    remove: () => trying(() => rmSync(file, { force: true })),
  };
}
