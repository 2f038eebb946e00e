/** How often and how long a notification is tried; data, so that it can be read in one place. */
export const deliveryPolicy = {
  /** A channel has this long to answer; under the lease, so that nobody else sends meanwhile. */
  sendTimeoutMs: 20_000,
  /** By the database's clock; after it the sender is taken for dead. */
  leaseMs: 120_000,
  firstDelayMs: 30_000,
  maxDelayMs: 30 * 60_000,
  /** A delivery older than this is given up, as `failed`. */
  maxAgeMs: 24 * 3_600_000,
  /** Of the daily canary, so that the day's silence is reported on that day; of a test or a notice that nobody waits for any more. */
  maxAgeWithoutAlertMs: 3_600_000,
  /** After so many attempts that the channel did not take, people hear of it through another one. */
  reportAfterAttempts: 5,
  /** Sent through one channel in one sweep: what piled up in an outage does not come all at once (B42). */
  perChannelAndSweep: 20,
  atOnce: 8,
  /** A sweep begins no further send after this. */
  budgetMs: 40_000,
} as const;

/**
 * When a delivery that was not taken is tried again: doubled each time, drawn between half and all of that, and never
 * before the other side said. `drawn` lies in [0, 1).
 */
export function nextDelayMs(attempts: number, retryAfterSeconds: number | undefined, drawn: number): number {
  const { firstDelayMs, maxDelayMs } = deliveryPolicy;
  const fullMs = Math.min(maxDelayMs, firstDelayMs * 2 ** Math.min(attempts - 1, 20));
  return Math.max(Math.round(fullMs * (0.5 + drawn / 2)), (retryAfterSeconds ?? 0) * 1000);
}
