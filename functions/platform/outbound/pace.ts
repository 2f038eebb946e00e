import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';

/** Resolves when the next request may leave; rejects with the signal's reason. */
export type Pace = (signal?: AbortSignal) => Promise<void>;

/** A clock that never goes back, in milliseconds, and how to wait by it. */
export interface PaceClock {
  nowMs(): number;
  wait(ms: number, signal: AbortSignal | undefined): Promise<void>;
}

const processClock: PaceClock = {
  nowMs: () => performance.now(),
  wait: (ms, signal) => wait(ms, undefined, signal === undefined ? {} : { signal }),
};

/**
 * Spaces requests evenly, in the order in which they ask: never two within `1 / requestsPerSecond`, also after a pause,
 * since a burst is what a third party's limit punishes. Bounds one process; hosts beside it have a pace of their own.
 */
export function createPace(requestsPerSecond: number, clock: PaceClock = processClock): Pace {
  const intervalMs = 1000 / requestsPerSecond;
  let nextFreeAtMs = 0;
  return async (signal) => {
    signal?.throwIfAborted();
    const nowMs = clock.nowMs();
    const mineAtMs = Math.max(nowMs, nextFreeAtMs);
    nextFreeAtMs = mineAtMs + intervalMs;
    if (mineAtMs === nowMs) return;
    try {
      await clock.wait(mineAtMs - nowMs, signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  };
}
