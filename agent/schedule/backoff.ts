/** How one kind of failure is met: how often the work is done in all, and the pauses between. */
export interface RetryRule {
  readonly tries: number;
  /** Before the second try; doubles with each further one. */
  readonly baseMs: number;
  readonly longestMs: number;
}

/** Whatever the other side asks for, nobody waits longer than this before looking again. */
const LONGEST_ASKED_MS = 10 * 60_000;

/**
 * The pause before the next try, after so many failures. Between half and all of the doubling pause, so that many who
 * failed together come back apart; never sooner than the other side asked for by `Retry-After`, and up to a quarter later,
 * as it asks all of them for the same.
 */
export function backoffMs(
  rule: RetryRule,
  failures: number,
  random: () => number,
  retryAfterMs: number | undefined,
): number {
  const ceiling = Math.min(rule.longestMs, rule.baseMs * 2 ** (failures - 1));
  const asked = Math.min(retryAfterMs ?? 0, LONGEST_ASKED_MS) * (1 + random() / 4);
  return Math.max(ceiling * (0.5 + random() / 2), asked);
}
