import type { Db } from '../platform/database/index.ts';
import { reviveRun, type RunRow, SUPERSEDED, type WriteContext } from '../platform/runs/index.ts';
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
