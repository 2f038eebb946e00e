import { setTimeout as sleep } from 'node:timers/promises';

/** Time as an instrument sees it, so that a test may let hours pass in seconds. */
export interface FleetClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`, or at once when the signal aborts; never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: FleetClock = {
  now: () => Date.now(),
  async wait(ms, signal) {
    try {
      await sleep(ms, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
};

/** An instant as file names show it. */
export interface NameTime {
  /** `YYYY-MM-DD`, the date folder. */
  day: string;
  /** `YYYYMMDD_HHMMSS`. */
  stamp: string;
}

/** Makes the function that reads instants off the wall clock of an instrument in `timeZone` (an IANA name). */
export function wallClock(timeZone: string): (atMs: number) => NameTime {
  // Swedish dates are ISO dates: 2026-11-22 14:22:33.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return (atMs) => {
    const text = format.format(atMs);
    return { day: text.slice(0, 10), stamp: text.replaceAll(/[-:]/gu, '').replace(' ', '_') };
  };
}
