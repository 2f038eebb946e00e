/** Time as the host sees it; tests give one of their own. */
export interface HostClock {
  nowMs(): number;
  /** Calls `run` once after `delayMs` (at most 2^31 - 1) and returns what calls that off. */
  after(delayMs: number, run: () => void): () => void;
}

export const systemClock: HostClock = {
  nowMs: Date.now,
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};
