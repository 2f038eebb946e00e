import { describe, expect, it } from 'vitest';
import { deliveryPolicy, nextDelayMs } from './retry.ts';

describe('nextDelayMs', () => {
  it('S9 doubles up to a bound, drawn between half and all', () => {
    expect([1, 2, 3, 4].map((attempts) => nextDelayMs(attempts, undefined, 1 - Number.EPSILON))).toEqual([
      30_000, 60_000, 120_000, 240_000,
    ]);
    expect(nextDelayMs(1, undefined, 0)).toBe(15_000);
    expect(nextDelayMs(1_000_000, undefined, 1 - Number.EPSILON)).toBe(deliveryPolicy.maxDelayMs);
  });

  it('S9 B22 never comes back before the other side said', () => {
    expect(nextDelayMs(1, 600, 0)).toBe(600_000);
    expect(nextDelayMs(1, 1, 0)).toBe(15_000);
  });

  it('S9 a send ends before its lease does', () => {
    expect(deliveryPolicy.sendTimeoutMs * 2).toBeLessThan(deliveryPolicy.leaseMs);
  });
});
