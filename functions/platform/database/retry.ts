import { setTimeout as delay } from 'node:timers/promises';
import { classifyDatabaseError } from './errors.ts';
import type { DatabaseErrorKind } from './errors.ts';

export interface RetryPolicy {
  /** Tries in all, the first included. */
  readonly attempts: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** Only these kinds are tried again. */
  readonly kinds: readonly DatabaseErrorKind[];
}

/** The server undid the whole transaction: trying again repeats nothing. */
export const afterDeadlock: RetryPolicy = {
  attempts: 6,
  firstDelayMs: 20,
  maxDelayMs: 1_000,
  kinds: ['deadlock'],
};

/** For work that may run twice: a connection lost while committing leaves open whether it did. About a minute. */
export const whileTransient: RetryPolicy = {
  attempts: 8,
  firstDelayMs: 200,
  maxDelayMs: 15_000,
  kinds: ['deadlock', 'timeout', 'connection', 'pool_timeout'],
};

export interface RetryTimers {
  readonly sleep: (delayMs: number) => Promise<unknown>;
  /** In [0, 1). */
  readonly random: () => number;
}

/**
 * Runs `fn`, a whole transaction, again while the policy says so; then throws the last error as it came.
 * Waits are doubled each time and drawn between half and all of that, so that rivals do not meet again.
 */
export async function withRetry<T>(
  fn: (attempt: number) => Promise<T>,
  policy: RetryPolicy = whileTransient,
  timers: RetryTimers = { sleep: delay, random: Math.random },
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fn(attempt);
    } catch (error) {
      const again = attempt < policy.attempts && policy.kinds.includes(classifyDatabaseError(error).kind);
      if (!again) throw error;
      await timers.sleep(delayOf(policy, attempt, timers.random()));
    }
  }
}

function delayOf(policy: RetryPolicy, attempt: number, drawn: number): number {
  const fullMs = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** (attempt - 1));
  return Math.round(fullMs * (0.5 + drawn / 2));
}
