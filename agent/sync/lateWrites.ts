import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentLog } from '../logging/log.ts';

/**
 * Remembers, over the death of the process, that uploads were cut short. Their last requests have left, and the share may carry
 * them out when the file was brought anew meanwhile: it would be emptied, or get another stamp than the state index has.
 */
export interface LateWrites {
  /** How long until none of them can arrive any more, ms. */
  leftMs(): number;
  /** Resolves then; rejects with the signal's reason. */
  settled(signal: AbortSignal): Promise<void>;
  /** Uploads begin; what it returns is told how they have ended. */
  begin(): (end: UploadsEnd) => void;
}

/**
 * `answered`: every request of theirs was. `unanswered`: some were given up; this process knows which (`InFlight`), and waits for
 * nothing else, its successor does not. `cut`: they were broken off.
 */
type UploadsEnd = 'answered' | 'unanswered' | 'cut';

export interface LateWritesOptions {
  readonly stateFolder: string;
  /** How late the share may carry out a request that nobody waits for any more; 0: never late. */
  readonly arriveWithinMs: number;
  /**
   * The wall clock, as two processes share no other. Set back between them, it makes the wait as long as it can be and no longer;
   * set forward, it may end the wait too early.
   */
  readonly now: () => number;
  readonly monotonicMs: () => number;
  readonly log: AgentLog;
}

/** In the state folder while a late request is possible; holds when the last one may have left. */
export const MARK_FILE = 'uploading';
const RENEWED_EVERY_MS = 1000;

/** Of all jobs of the agent: their places on the share may lie within each other. */
export function rememberLateWrites(options: LateWritesOptions): LateWrites {
  const { arriveWithinMs, now, monotonicMs, log } = options;
  const longestMs = arriveWithinMs === 0 ? 0 : arriveWithinMs + RENEWED_EVERY_MS;
  const mark = markIn(options);
  let settledAtMs = monotonicMs() + leftAfter(mark.read(), longestMs, now());
  /** For a successor. */
  let markedUntilMs = settledAtMs;
  let underWay = 0;
  let renewing: NodeJS.Timeout | undefined;

  const leftMs = () => Math.max(0, settledAtMs - monotonicMs());
  const renew = () => mark.write(now());
  const rest = () => {
    clearInterval(renewing);
    const markedMs = markedUntilMs - monotonicMs();
    if (markedMs <= 0) mark.remove();
    else mark.write(now() + markedMs - longestMs);
  };
  return {
    leftMs,
    settled: async (signal) => {
      if (leftMs() === 0) return;
      log.info(
        { seconds: Math.ceil(leftMs() / 1000) },
        'Uploads were cut short before: waiting until none of their requests can reach the share any more',
      );
      while (leftMs() > 0) await sleep(leftMs(), undefined, { signal }).catch(() => signal.throwIfAborted());
    },
    begin: () => {
      underWay += 1;
      if (underWay === 1) {
        renew();
        renewing = setInterval(renew, RENEWED_EVERY_MS).unref();
      }
      return (end) => {
        underWay -= 1;
        if (end !== 'answered') markedUntilMs = monotonicMs() + longestMs;
        if (end === 'cut') settledAtMs = markedUntilMs;
        if (underWay === 0) rest();
      };
    },
  };
}

function leftAfter(cutAtMs: number | undefined, longestMs: number, nowMs: number): number {
  if (cutAtMs === undefined) return 0;
  const leftMs = cutAtMs + longestMs - nowMs;
  // A mark that was torn says no time.
  return Number.isNaN(leftMs) ? longestMs : Math.min(longestMs, Math.max(0, leftMs));
}

/** A disk that does not take the mark costs the wait, and no upload. */
function markIn({ stateFolder, log }: LateWritesOptions) {
  const file = join(stateFolder, MARK_FILE);
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
    write: (ms: number) => trying(() => writeFileSync(file, String(Math.floor(ms)), { mode: 0o600 })),
    remove: () => trying(() => rmSync(file, { force: true })),
  };
}
