import { afterDeadlock, type Db, type RetryPolicy } from '../platform/database/index.ts';
import { reviveRun, type RunRow, SUPERSEDED, type WriteContext } from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import { findLiveRun, hasNewerRun } from './store/runs.ts';

/**
 * A run that was closed as `stale` for its silence lives again when its writer turns up; not when a newer run of its job
 * has begun: then it stays closed, `superseded`. The run's row is locked by the caller; gives it as it is now.
 */
export async function reviveIfStale(
  tx: Db,
  run: RunRow,
  reason: string,
  context: WriteContext,
): Promise<RunRow> {
  if (run.status !== 'stale' || run.status_reason === SUPERSEDED || run.job_id === null) return run;
  if ((await findLiveRun(tx, run.job_id)) !== undefined || (await hasNewerRun(tx, run))) return run;
  return reviveRun(tx, run, run.job_id, reason, context);
}

/** A newer run of the job took the live key while this one was about to have it back: it is there now for all to see. */
const afterNewerRun: RetryPolicy = { ...afterDeadlock, kinds: ['deadlock', 'unique_violation'] };

/** A transaction that calls `reviveIfStale`: it runs again when a newer run of the job began beside it. */
export async function whileReviving<T>(services: Services, fn: (tx: Db) => Promise<T>): Promise<T> {
  return services.database.transaction(fn, afterNewerRun);
}
