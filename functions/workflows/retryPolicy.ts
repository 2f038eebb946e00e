import { ShareError } from '../platform/storage/shares.ts';
import { ApiError } from '../platform/outbound/apiError.ts';

/** A slice that failed this often without getting on fails its run. */
export const MAX_SLICE_ATTEMPTS = 5;

/** Of what the other side asks to be waited, no more than this is believed: a daily quota is the longest there is. */
const MAX_ASKED_MS = 24 * 3_600_000;

/**
 * How long until a slice that failed for the `attempts`-th time is tried again: 4 s, 16 s, 1 min, 4 min, less up to a
 * quarter by chance (so that those that failed together do not come back together), and never less than the other side asked for.
 */
export function retryDelayMs(error: unknown, attempts: number, chance: number = Math.random()): number {
  const askedMs = error instanceof ShareError || error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
  const ownMs = 1000 * 4 ** attempts * (1 - chance / 4);
  return Math.max(ownMs, Math.min(askedMs, MAX_ASKED_MS));
}
