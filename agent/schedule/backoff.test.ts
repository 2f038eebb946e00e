import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

const rule = { tries: 9, baseMs: 500, longestMs: 30_000 };

describe('backoffMs', () => {
  it('B22 is never sooner than Retry-After, never longer than its bounds, and grows until its ceiling', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.option(fc.integer({ min: 0, max: 86_400_000 }), { nil: undefined }),
        (failures, random, retryAfterMs) => {
          const pause = backoffMs(rule, failures, () => random, retryAfterMs);
          const ceiling = Math.min(30_000, 500 * 2 ** (failures - 1));
          const asked = Math.min(retryAfterMs ?? 0, 600_000);
          expect(pause).toBeGreaterThanOrEqual(Math.max(ceiling / 2, asked));
          expect(pause).toBeLessThanOrEqual(Math.max(ceiling, asked * 1.25));
        },
      ),
    );
  });

  it('B22 a thousand agents that were told the same Retry-After do not come back as a herd', () => {
    const pauses = Array.from({ length: 1000 }, () => backoffMs(rule, 1, Math.random, 8000));
    const tenths = Map.groupBy(pauses, (pause) => Math.floor((pause - 8000) / 200));
    expect(tenths.size).toBe(10);
    for (const herd of tenths.values()) expect(herd.length).toBeLessThan(200);
  });
});
