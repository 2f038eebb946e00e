import pLimit from 'p-limit';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from '../platform/http/problem.ts';
import { perServices } from '../platform/perServices.ts';

const ATTEMPTS = 10;
const WINDOW_SECONDS = 15 * 60;
/** Each check of a password takes 32 MiB: more than two at once would starve what agents need. */
const CHECKS_AT_ONCE = 2;
const CHECKS_WAITING_MAX = 40;

export interface SignInLimit {
  /** Counts an attempt. Throws `too-many-requests` after 10 in 15 minutes from one address on one account. */
  count(emailKey: string, address: string): Promise<void>;
  /** Forgets the attempts of who got in. */
  forgive(emailKey: string, address: string): Promise<void>;
  /** Runs a check of a password when its turn comes. Throws `too-many-requests` when too many wait. */
  inTurn<T>(check: () => Promise<T>): Promise<T>;
}

/** Attempts are counted in this process: with several instances the bound is that many times as high. */
export const signInLimitOf = perServices(createSignInLimit);

function createSignInLimit(): SignInLimit {
  const limiter = new RateLimiterMemory({ points: ATTEMPTS, duration: WINDOW_SECONDS });
  const turns = pLimit(CHECKS_AT_ONCE);
  const key = (emailKey: string, address: string): string => `${address} ${emailKey}`;
  return {
    count: async (emailKey, address) => {
      try {
        await limiter.consume(key(emailKey, address));
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error;
        throw new Problem(
          'too-many-requests',
          'Too many attempts to sign in to this account; wait before the next.',
          {
            retryAfterSeconds: error.msBeforeNext / 1000,
          },
        );
      }
    },
    forgive: async (emailKey, address) => {
      await limiter.delete(key(emailKey, address));
    },
    inTurn: (check) => {
      if (turns.pendingCount >= CHECKS_WAITING_MAX)
        throw new Problem('too-many-requests', 'Too many people are signing in at this moment.', {
          retryAfterSeconds: 5,
        });
      return turns(check);
    },
  };
}
