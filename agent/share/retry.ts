import { setTimeout as sleep } from 'node:timers/promises';
import { isShareFault, type ShareFault, shareFaultOf } from './shareFault.ts';
import type { ShareHealth } from './shareHealth.ts';

/** How often and how long; everything bounded. */
export interface RetryPolicy {
  readonly tries: number;
  readonly baseMs: number;
  readonly longestMs: number;
  /** How often a new credential is asked for before the failure counts. */
  readonly renewals: number;
}

export interface RetryDependencies {
  readonly policy: RetryPolicy;
  readonly health: ShareHealth;
  readonly random: () => number;
  /** The credential that an attempt beginning now would use. */
  readonly credential: () => string | undefined;
  /** Resolves when another credential than the refused one is there; rejects when none comes. */
  readonly renewCredential: (refused: string | undefined, signal: AbortSignal) => Promise<void>;
}

export interface Attempts {
  /** Told of each failed attempt, for the people who watch the file. */
  readonly failed?: (fault: ShareFault) => void;
}

/**
 * Does one piece of work on the share, again where that can help: throttling and silence with full jitter over a
 * doubling backoff, never sooner than `Retry-After`; a refused credential with a new one. Rejects with the last
 * `ShareFault`, or with the signal's reason.
 */
export async function withRetry<T>(
  dependencies: RetryDependencies,
  signal: AbortSignal,
  work: () => Promise<T>,
  attempts: Attempts = {},
): Promise<T> {
  const { policy, health } = dependencies;
  let tries = 0;
  let renewals = 0;
  for (;;) {
    const used = dependencies.credential();
    try {
      const answer = await work();
      health.succeeded();
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      const fault = shareFaultOf(error, 'working on the share');
      health.failed(fault);
      attempts.failed?.(fault);
      if (fault.kind === 'auth' && renewals < policy.renewals) {
        renewals += 1;
        await dependencies.renewCredential(used, signal);
        continue;
      }
      tries += 1;
      if (!isWorthRepeating(fault) || tries >= policy.tries) throw fault;
      await sleep(delayMs(fault, tries, dependencies), undefined, { signal });
    }
  }
}

function isWorthRepeating(fault: ShareFault): boolean {
  return isShareFault(fault, 'throttled') || isShareFault(fault, 'unreachable');
}

function delayMs(fault: ShareFault, tries: number, { policy, random }: RetryDependencies): number {
  const ceiling = Math.min(policy.longestMs, policy.baseMs * 2 ** (tries - 1));
  const jittered = ceiling * (0.5 + random() / 2);
  // A herd that was told the same Retry-After must not come back in the same moment.
  const asked = (fault.retryAfterMs ?? 0) * (1 + random() / 4);
  return Math.min(Math.max(jittered, asked), 10 * 60_000);
}
