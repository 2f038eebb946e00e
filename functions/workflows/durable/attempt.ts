import { ApiError } from '../../platform/outbound/apiError.ts';
import { LeaseLost } from '../slice.ts';
import type { DurableSlice } from './slice.ts';
import type { Activity } from './workflow.ts';

const LIMIT_MS = 5 * 60_000;
/** Long work keeps its lease and shows that it lives. */
const SIGN_OF_LIFE_MS = 5000;

/**
 * Runs a piece of an activity within its time, and keeps the run's lease meanwhile. Throws what the piece throws,
 * `TimeoutError` after `limitMs`, `LeaseLost` as soon as another instance has the run or it was terminated.
 */
export async function attempt<Result>(
  slice: DurableSlice,
  piece: { readonly key: string; readonly name: string; readonly limitMs?: number | undefined },
  work: (activity: Activity) => Promise<Result>,
): Promise<Result> {
  const { context } = slice;
  const limitMs = piece.limitMs ?? LIMIT_MS;
  const stop = new AbortController();
  const limit = setTimeout(() => stop.abort(timedOut(piece.name, limitMs)), limitMs);
  const lease = setInterval(() => {
    context.extendLease().catch((error: unknown) => {
      // A database that does not answer now may answer when the result is stored.
      if (error instanceof LeaseLost) stop.abort(error);
    });
  }, SIGN_OF_LIFE_MS);
  try {
    const log = slice.log.child({ activityName: piece.name });
    const working = work({ idempotencyKey: `${context.run.runId}/${piece.key}`, signal: stop.signal, log });
    return await Promise.race([working, aborted(stop.signal)]);
  } finally {
    clearTimeout(limit);
    clearInterval(lease);
  }
}

function timedOut(name: string, limitMs: number): ApiError {
  return new ApiError('TimeoutError', `${name} did not end within ${String(Math.round(limitMs / 1000))} s`);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
