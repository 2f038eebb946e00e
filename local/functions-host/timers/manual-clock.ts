import { setImmediate } from 'node:timers/promises';
import type { HostClock } from '../clock.ts';

export interface ManualClock extends HostClock {
  /** Lets time pass: what falls due meanwhile happens at its time, and what that sets off is waited for. */
  advance(ms: number): Promise<void>;
  /** Puts the clock elsewhere, as an operator or a machine that slept does: waits under way are not shortened. */
  set(nowMs: number): void;
}

/** A clock for tests that stands still until it is told. */
export function manualClock(startMs: number): ManualClock {
  let nowMs = startMs;
  const waits = new Set<{ leftMs: number; run: () => void }>();
  const pass = (ms: number): void => {
    nowMs += ms;
    for (const wait of waits) wait.leftMs -= ms;
  };
  return {
    nowMs: () => nowMs,
    set: (ms) => {
      nowMs = ms;
    },
    after: (delayMs, run) => {
      if (delayMs > 2 ** 31 - 1) throw new Error(`A delay of ${delayMs} ms overflows.`);
      const wait = { leftMs: delayMs, run };
      waits.add(wait);
      return () => waits.delete(wait);
    },
    advance: async (ms) => {
      await settle();
      for (let leftMs = ms; ;) {
        const [first] = [...waits].sort((a, b) => a.leftMs - b.leftMs);
        if (first === undefined || first.leftMs > leftMs) {
          pass(leftMs);
          return;
        }
        const stepMs = Math.max(first.leftMs, 0);
        leftMs -= stepMs;
        pass(stepMs);
        waits.delete(first);
        first.run();
        await settle();
      }
    },
  };
}

/** Enough turns of the event loop for chains of promises without input or output. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await setImmediate();
}
