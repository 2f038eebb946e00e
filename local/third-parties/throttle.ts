import type { RateLimit } from './thirdParty.ts';

/** Counts requests in fixed windows; says for how many seconds one that is too many must wait. */
export type Throttle = () => number | undefined;

export function createThrottle(limit: RateLimit | undefined, nowMs: () => number): Throttle {
  let windowEndsAtMs = 0;
  let count = 0;
  return () => {
    if (limit === undefined) return undefined;
    const now = nowMs();
    if (now >= windowEndsAtMs) {
      windowEndsAtMs = now + limit.periodSeconds * 1000;
      count = 0;
    }
    count += 1;
    return count > limit.requests ? Math.ceil((windowEndsAtMs - now) / 1000) : undefined;
  };
}
