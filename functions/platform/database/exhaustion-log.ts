import { countExhaustion } from '../telemetry/measurements.ts';
import type { OpenSettings, PoolState } from './database.ts';

/** A pool that is exhausted refuses callers by the hundred: one line in this time says it. */
const EVERY_MS = 1_000;

/** Says, and counts, that callers found no free connection: how many were in use, how many wait. At most one line a second. */
export function exhaustionLog(log: OpenSettings['log']): (state: PoolState) => void {
  let nextAt = 0;
  let refused = 0;
  return ({ max, open, idle, waiting }) => {
    refused += 1;
    countExhaustion();
    if (performance.now() < nextAt) return;
    nextAt = performance.now() + EVERY_MS;
    log('database pool exhausted', { inUse: open - idle, waiting, max, refused });
    refused = 0;
  };
}
