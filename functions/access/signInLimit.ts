import pLimit from 'p-limit';
import { networkOf } from '../platform/http/clientAddress.ts';
import { Problem } from '../platform/http/problem.ts';
import { perServices } from '../platform/perServices.ts';
import type { Services } from '../platform/services.ts';

const ATTEMPTS = { points: 10, seconds: 15 * 60 };
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

export const signInLimitOf = perServices(createSignInLimit);

function createSignInLimit({ limits }: Services): SignInLimit {
  const limit = limits.of('sign-in', ATTEMPTS);
  const turns = pLimit(CHECKS_AT_ONCE);
  const key = (emailKey: string, address: string): string => `${networkOf(address)} ${emailKey}`;
  return {
    count: async (emailKey, address) => {
      const refused = await limit.take(key(emailKey, address));
      if (refused === undefined) return;
      const detail = 'Too many attempts to sign in to this account; wait before the next.';
      throw new Problem('too-many-requests', detail, { retryAfterSeconds: refused.waitMs / 1000 });
    },
    forgive: (emailKey, address) => limit.forgive(key(emailKey, address)),
    inTurn: (check) => {
      if (turns.pendingCount >= CHECKS_WAITING_MAX)
        throw new Problem('too-many-requests', 'Too many people are signing in at this moment.', {
          retryAfterSeconds: 5,
        });
      return turns(check);
    },
  };
}
