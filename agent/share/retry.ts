import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs, type RetryRule } from '../schedule/backoff.ts';
import { type ShareFault, type ShareFaultKind, shareFaultOf } from './shareFault.ts';
import type { ShareHealth } from './shareHealth.ts';

/** Which fault is met how. A fault that the table does not name is not met by doing the same again. */
export type ShareRetries = Readonly<Partial<Record<ShareFaultKind, RetryRule>>>;

/** The policy, from the two settings that operators have. */
export function shareRetries({ tries, retryBaseMs }: { tries: number; retryBaseMs: number }): ShareRetries {
  return {
    unreachable: { tries, baseMs: retryBaseMs, longestMs: 30_000 },
    // The service is there, and says that it will not be for long.
    throttled: { tries: tries + 3, baseMs: 2 * retryBaseMs, longestMs: 60_000 },
    // Each try has a new credential. While keys are being exchanged, the first of them may be signed with the old key.
    auth: { tries: tries + 5, baseMs: retryBaseMs, longestMs: 30_000 },
  };
}

export interface RetryDependencies {
  readonly retries: ShareRetries;
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
 * Does one piece of work on the share, again where the policy says that this can help: each kind of fault has its own
 * count. A refused credential is replaced first; so that a rotation of keys fails no file, the second and later times
 * after a pause. Rejects with the last `ShareFault`, or with the signal's reason.
 */
export async function withRetry<T>(
  dependencies: RetryDependencies,
  signal: AbortSignal,
  work: () => Promise<T>,
  attempts: Attempts = {},
): Promise<T> {
  const { retries, health, random } = dependencies;
  const failures = new Map<ShareFaultKind, number>();
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
      const failed = (failures.get(fault.kind) ?? 0) + 1;
      failures.set(fault.kind, failed);
      const rule = retries[fault.kind];
      if (rule === undefined || failed >= rule.tries) throw fault;
      const isFirstRefusal = fault.kind === 'auth' && failed === 1;
      if (!isFirstRefusal)
        await sleep(backoffMs(rule, failed, random, fault.retryAfterMs), undefined, { signal });
      if (fault.kind === 'auth') await dependencies.renewCredential(used, signal);
    }
  }
}
