import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PoolTimeoutError } from './errors.ts';
import { afterDeadlock, whileTransient, withRetry } from './retry.ts';
import type { RetryPolicy } from './retry.ts';

const deadlock = Object.assign(new Error('victim'), { severity: 'ERROR', code: '40P01' });

function timers(drawn = 0.5) {
  const sleptMs: number[] = [];
  return { sleptMs, sleep: async (delayMs: number) => sleptMs.push(delayMs), random: () => drawn };
}

describe('B9 retries of a transaction', () => {
  it('B9 B11 runs again after a transient failure, and gives what came at last', async () => {
    const clock = timers();
    const result = await withRetry(
      async (attempt) => {
        if (attempt < 3) throw deadlock;
        return attempt;
      },
      afterDeadlock,
      clock,
    );
    expect(result).toBe(3);
    expect(clock.sleptMs).toEqual([15, 30]);
  });

  it('B9 throws the last error as it came when the attempts are spent', async () => {
    const clock = timers();
    await expect(
      withRetry(async () => Promise.reject(deadlock), { ...afterDeadlock, attempts: 2 }, clock),
    ).rejects.toBe(deadlock);
    expect(clock.sleptMs).toHaveLength(1);
  });

  it('B9 does not repeat what another attempt cannot help', async () => {
    const clock = timers();
    const error = new PoolTimeoutError({ max: 1, waiting: 0, acquireTimeoutMs: 1 });
    await expect(withRetry(async () => Promise.reject(error), afterDeadlock, clock)).rejects.toBe(error);
    await expect(
      withRetry(async () => Promise.reject(new Error('bug')), whileTransient, clock),
    ).rejects.toThrow('bug');
    expect(clock.sleptMs).toEqual([]);
  });

  it('B9 waits within the bounds of the policy, whatever is drawn', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.integer({ min: 2, max: 12 }),
        async (drawn, attempts) => {
          const clock = timers(drawn);
          const policy: RetryPolicy = { attempts, firstDelayMs: 10, maxDelayMs: 500, kinds: ['deadlock'] };
          await withRetry(async () => Promise.reject(deadlock), policy, clock).catch(() => undefined);
          expect(clock.sleptMs).toHaveLength(attempts - 1);
          clock.sleptMs.forEach((delayMs, index) => {
            const fullMs = Math.min(500, 10 * 2 ** index);
            expect(delayMs).toBeGreaterThanOrEqual(Math.floor(fullMs / 2));
            expect(delayMs).toBeLessThanOrEqual(fullMs);
          });
        },
      ),
    );
  });
});
