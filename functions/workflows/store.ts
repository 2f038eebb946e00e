import { randomUUID } from 'node:crypto';
import { databaseNow, type Db, json } from '../platform/database/index.ts';

export interface ClaimedSlice {
  readonly runId: string;
  readonly organizationId: string;
  readonly syncType: string;
  readonly jobId: string | null;
  readonly slice: number;
  readonly payload: unknown;
  readonly attempts: number;
  readonly token: string;
}

/**
 * Takes the lease of a slice if the run still waits for exactly this slice and nobody works on it. Undefined: the
 * message is stale, or another instance is at work. The lease runs by the database's clock.
 */
export async function claimSlice(
  db: Db,
  hint: { readonly runId: string; readonly slice: number },
  leaseMs: number,
): Promise<ClaimedSlice | undefined> {
  const token = randomUUID();
  const row = await db
    .updateTable('sync_runs')
    .set((eb) => ({
      lease_token: token,
      lease_until: databaseNow(leaseMs),
      slice_attempts: eb('slice_attempts', '+', 1),
      version: eb('version', '+', 1),
    }))
    .where('id', '=', hint.runId)
    .where('slice', '=', hint.slice)
    .where('status', '=', 'running')
    .where((eb) => eb.or([eb('lease_token', 'is', null), eb('lease_until', '<', databaseNow())]))
    .returning(['organization_id', 'sync_type', 'job_id', 'payload_json', 'slice_attempts'])
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    runId: hint.runId,
    organizationId: row.organization_id,
    syncType: row.sync_type,
    jobId: row.job_id,
    slice: hint.slice,
    payload: row.payload_json,
    attempts: row.slice_attempts,
    token,
  };
}

interface Held {
  readonly runId: string;
  readonly token: string;
}

/** Moves the lease's end and the run's sign of life. False: the lease is lost. */
export async function extendLease(db: Db, held: Held, leaseMs: number, now: Date): Promise<boolean> {
  const result = await db
    .updateTable('sync_runs')
    .set({ lease_until: databaseNow(leaseMs), last_activity_at: now, updated_at: now })
    .where('id', '=', held.runId)
    .where('lease_token', '=', held.token)
    .where('status', '=', 'running')
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Gives the run its next slice, due now, and ends the lease. False: the lease is lost, and nothing may be stored. */
export async function advanceSlice(db: Db, held: Held & { slice: number }, now: Date): Promise<boolean> {
  const result = await db
    .updateTable('sync_runs')
    .set((eb) => ({
      slice: held.slice + 1,
      slice_attempts: 0,
      lease_token: null,
      lease_until: null,
      next_slice_at: now,
      last_activity_at: now,
      updated_at: now,
      version: eb('version', '+', 1),
    }))
    .where('id', '=', held.runId)
    .where('lease_token', '=', held.token)
    .where('status', '=', 'running')
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Ends the lease after a failure; the slice is due again at `nextAt`. */
export async function releaseSlice(db: Db, held: Held, nextAt: Date, now: Date): Promise<boolean> {
  const result = await db
    .updateTable('sync_runs')
    .set((eb) => ({
      lease_token: null,
      lease_until: null,
      next_slice_at: nextAt,
      last_activity_at: now,
      updated_at: now,
      version: eb('version', '+', 1),
    }))
    .where('id', '=', held.runId)
    .where('lease_token', '=', held.token)
    .where('status', '=', 'running')
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Ends the lease with the run's result; nothing more is due. False: the lease is lost, and nothing may be stored. */
export async function endSlices(db: Db, held: Held, result: unknown): Promise<boolean> {
  const update = await db
    .updateTable('sync_runs')
    .set({ result_json: json(result), lease_token: null, lease_until: null, next_slice_at: null })
    .where('id', '=', held.runId)
    .where('lease_token', '=', held.token)
    .where('status', '=', 'running')
    .executeTakeFirst();
  return update.numUpdatedRows === 1n;
}

/** What the slice before left for the next one; undefined before the first. */
export async function readCursor(db: Db, runId: string, syncType: string, step: string): Promise<unknown> {
  const row = await db
    .selectFrom('sync_steps')
    .select('cursor_json')
    .where('run_id', '=', runId)
    .where('sync_type', '=', syncType)
    .where('step', '=', step)
    .executeTakeFirst();
  return row?.cursor_json ?? undefined;
}

/** Runs whose next slice has been due for longer than `graceMs` while nobody works on them; oldest first. */
export async function overdueSlices(
  db: Db,
  now: Date,
  graceMs: number,
  limit: number,
): Promise<readonly { runId: string; slice: number }[]> {
  const rows = await db
    .selectFrom('sync_runs')
    .select(['id', 'slice'])
    .where('status', '=', 'running')
    .where('next_slice_at', '<', new Date(now.getTime() - graceMs))
    .where((eb) => eb.or([eb('lease_token', 'is', null), eb('lease_until', '<', databaseNow())]))
    .orderBy('next_slice_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ runId: row.id, slice: row.slice }));
}
