import type { Db } from '../../platform/database/index.ts';
import { weekOf } from '../../platform/production/index.ts';

const GOOD = ['complete', 'partial'] as const;

/**
 * File syncs that ended before `before`, oldest first; of each job the newest run and the last good one are kept,
 * because the job's page and the rules about backups ask for them: a run goes when a newer good one is there, and a bad run
 * when any newer one is.
 */
export async function oldFileSyncs(db: Db, before: Date, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('sync_runs')
    .select('id')
    .where('sync_type', '=', 'file_sync')
    .where('status', 'in', ['complete', 'partial', 'failed', 'stale', 'terminated'])
    .where('last_activity_at', '<', before)
    .where('ended_at', '<', before)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('sync_runs as newer')
          .select('newer.id')
          .whereRef('newer.job_id', '=', 'sync_runs.job_id')
          .where('newer.sync_type', '=', 'file_sync')
          .whereRef('newer.started_at', '>', 'sync_runs.started_at')
          .where((eb) => eb.or([eb('newer.status', 'in', GOOD), eb('sync_runs.status', 'not in', GOOD)])),
      ),
    )
    .orderBy('last_activity_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

/** At most `limit` of a run's files, in the order of their keys; gives how many went. */
export async function deleteRunFiles(db: Db, runId: string, limit: number): Promise<number> {
  const keys = await db
    .selectFrom('sync_run_files')
    .select('path_key')
    .where('run_id', '=', runId)
    .orderBy('path_key')
    .limit(limit)
    .execute();
  const last = keys.at(-1);
  if (last === undefined) return 0;
  const result = await db
    .deleteFrom('sync_run_files')
    .where('run_id', '=', runId)
    .where('path_key', '<=', last.path_key)
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

/** The run with its steps, once its files are gone; false when it is live again. Part of the caller's transaction. */
export async function deleteRunsAndSteps(tx: Db, runId: string): Promise<boolean> {
  await tx.deleteFrom('sync_steps').where('run_id', '=', runId).execute();
  const result = await tx
    .deleteFrom('sync_runs')
    .where('id', '=', runId)
    .where('status', '<>', 'running')
    .executeTakeFirst();
  if (result.numDeletedRows === 0n) throw new Error(`Run ${runId} lives again and is not deleted`);
  return true;
}

/** Each timer's newest tick stays: it says when the timer last ran. */
export async function deleteTicks(db: Db, before: Date, limit: number): Promise<number> {
  const rows = await db
    .selectFrom('timer_ticks')
    .select(['timer_name', 'due_at'])
    .where('due_at', '<', before)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('timer_ticks as newer')
          .select('newer.due_at')
          .whereRef('newer.timer_name', '=', 'timer_ticks.timer_name')
          .whereRef('newer.due_at', '>', 'timer_ticks.due_at'),
      ),
    )
    .orderBy('timer_name')
    .orderBy('due_at')
    .limit(limit)
    .execute();
  let deleted = 0;
  for (const [timerName, ticks] of Map.groupBy(rows, (row) => row.timer_name)) {
    const last = ticks.at(-1);
    if (last === undefined) continue;
    const result = await db
      .deleteFrom('timer_ticks')
      .where('timer_name', '=', timerName)
      .where('due_at', '<=', last.due_at)
      .executeTakeFirst();
    deleted += Number(result.numDeletedRows);
  }
  return deleted;
}

/** Quota readings are few: one a target and hour. */
export async function deleteReadings(db: Db, before: Date, limit: number): Promise<number> {
  const targets = await db
    .selectFrom('quota_readings')
    .select('target')
    .distinct()
    .where('measured_at', '<', before)
    .orderBy('target')
    .limit(Math.ceil(limit / 25))
    .execute();
  let deleted = 0;
  for (const { target } of targets) {
    const result = await db
      .deleteFrom('quota_readings')
      .where('target', '=', target)
      .where('measured_at', '<', before)
      .executeTakeFirst();
    deleted += Number(result.numDeletedRows);
  }
  return deleted;
}

export async function deletePeaks(db: Db, before: Date, limit: number): Promise<number> {
  const jobs = await db
    .selectFrom('production_peaks')
    .select('job_id')
    .distinct()
    .where('week', '<', weekOf(before))
    .orderBy('job_id')
    .limit(limit)
    .execute();
  let deleted = 0;
  for (const { job_id: jobId } of jobs) {
    const result = await db
      .deleteFrom('production_peaks')
      .where('job_id', '=', jobId)
      .where('week', '<', weekOf(before))
      .executeTakeFirst();
    deleted += Number(result.numDeletedRows);
  }
  return deleted;
}
