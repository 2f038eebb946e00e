import { randomUUID } from 'node:crypto';
import { databaseNow, type Db, json, upsertAfter } from '../platform/database/index.ts';
import { runColumns, type RunRow, stepsUpsert, type WriteContext } from '../platform/runs/index.ts';
import type { SlicedRun } from './slice.ts';

export interface ClaimedSlice extends SlicedRun {
  readonly token: string;
}

/** How much earlier than due a message may come: the clocks of hosts differ, and a queue rounds to seconds. */
const EARLY_MS = 2000;

/**
 * Takes the lease of a slice if the run still waits for exactly this slice, it is due, and nobody works on it. Undefined:
 * the message is stale or too early, or another instance is at work. The lease runs by the database's clock.
 */
export async function claimSlice(
  db: Db,
  hint: { readonly runId: string; readonly slice: number },
  leaseMs: number,
  now: Date,
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
    .where('next_slice_at', '<=', new Date(now.getTime() + EARLY_MS))
    .where((eb) => eb.or([eb('lease_token', 'is', null), eb('lease_until', '<', databaseNow())]))
    .returning([
      'organization_id',
      'sync_type',
      'correlation_id',
      'job_id',
      'payload_json',
      'slice_attempts',
      'trigger_kind',
      'started_at',
    ])
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    runId: hint.runId,
    organizationId: row.organization_id,
    syncType: row.sync_type,
    correlationId: row.correlation_id,
    jobId: row.job_id,
    slice: hint.slice,
    payload: row.payload_json,
    trigger: row.trigger_kind,
    startedAt: row.started_at,
    attempts: row.slice_attempts,
    token,
  };
}

interface Held {
  readonly runId: string;
  readonly token: string;
}

/** A run that somebody paused keeps its lease until what was under way is stored. */
const held = ['running', 'paused'] as const;

/** Moves the lease's end and the run's sign of life. False: the lease is lost. */
export async function extendLease(
  db: Db,
  { runId, token }: Held,
  leaseMs: number,
  now: Date,
): Promise<boolean> {
  const result = await db
    .updateTable('sync_runs')
    .set({ lease_until: databaseNow(leaseMs), last_activity_at: now, updated_at: now })
    .where('id', '=', runId)
    .where('lease_token', '=', token)
    .where('status', 'in', held)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

interface Storing {
  readonly leaseMs: number;
  /** Something was achieved: the count of attempts begins anew. */
  readonly isProgress: boolean;
}

/** The run's row, if the lease is still held: moves lease and signs of life. */
function storingTo(db: Db, { runId, token }: Held, { leaseMs, isProgress }: Storing, at: Date) {
  return db
    .updateTable('sync_runs')
    .set((eb) => ({
      lease_until: databaseNow(leaseMs),
      // The attempt that is under way is the first one at what comes next.
      ...(isProgress ? { slice_attempts: 1, progress_at: at } : {}),
      last_activity_at: at,
      updated_at: at,
      version: eb('version', '+', 1),
    }))
    .where('id', '=', runId)
    .where('lease_token', '=', token)
    .where('status', 'in', held);
}

/** Locks the run's row for a transaction that stores progress, if the lease is still held; moves lease and signs of life. */
export async function lockHeldRun(
  tx: Db,
  run: Held,
  storing: Storing,
  { at }: WriteContext,
): Promise<RunRow | undefined> {
  return storingTo(tx, run, storing, at).returning(runColumns).executeTakeFirst();
}

/** Locks a run that waits for exactly this slice. Undefined: it has got further or has ended, or somebody works on it. */
export async function lockWaitingRun(
  tx: Db,
  { runId, slice }: { readonly runId: string; readonly slice: number },
  { at }: WriteContext,
): Promise<RunRow | undefined> {
  return tx
    .updateTable('sync_runs')
    .set((eb) => ({ last_activity_at: at, updated_at: at, version: eb('version', '+', 1) }))
    .where('id', '=', runId)
    .where('slice', '=', slice)
    .where('ended_at', 'is', null)
    .where((eb) => eb.or([eb('lease_token', 'is', null), eb('lease_until', '<', databaseNow())]))
    .returning(runColumns)
    .executeTakeFirst();
}

interface Foretold extends Held {
  /** The run's as it was left. */
  readonly version: number;
  readonly at: Date;
  readonly recordsIn: number | null;
  readonly recordsOut: number | null;
}

/** The same with the steps and their sums, in one exchange, if nobody wrote to the run meanwhile. False: nothing is stored. */
export const storeForetold = upsertAfter(stepsUpsert, (db, storing: Storing, run: Foretold) =>
  storingTo(db, run, storing, run.at)
    .set({ records_in: run.recordsIn, records_out: run.recordsOut })
    .where('version', '=', run.version),
);

export interface RunEnd {
  readonly result: unknown;
  readonly errorTag: string | null;
  readonly doubt: string | null;
  /** Why, for people. */
  readonly reason: string | null;
}

function endOf(runId: string, { result, errorTag, doubt, reason }: RunEnd, at: Date) {
  return {
    status: 'running',
    ended_at: at,
    live_key: runId,
    status_reason: reason,
    error_tag: errorTag,
    doubt,
    result_json: json(result ?? null),
  } as const;
}

/** Ends the lease: the slice is over, or is due again. Undefined: the lease is lost, and nothing may be stored. */
export async function releaseRun(
  tx: Db,
  { runId, token }: Held,
  next: {
    readonly slice: number;
    readonly nextAt: Date | null;
    /** Something was achieved: the count of attempts begins anew. */
    readonly advanced: boolean;
    readonly pointer?: string | undefined;
    /** The run ends by itself. One that was paused while its last activity went on has nothing left to pause. */
    readonly end?: RunEnd;
  },
  { at }: WriteContext,
): Promise<RunRow | undefined> {
  return tx
    .updateTable('sync_runs')
    .set((eb) => ({
      slice: next.slice,
      ...(next.advanced ? { slice_attempts: 0, progress_at: at } : {}),
      ...(next.pointer === undefined ? {} : { pointer: next.pointer }),
      lease_token: null,
      lease_until: null,
      next_slice_at: next.nextAt,
      ...(next.end === undefined ? {} : endOf(runId, next.end, at)),
      last_activity_at: at,
      updated_at: at,
      version: eb('version', '+', 1),
    }))
    .where('id', '=', runId)
    .where('lease_token', '=', token)
    .where('status', 'in', held)
    .returning(runColumns)
    .executeTakeFirst();
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

export interface OverdueSlice {
  readonly runId: string;
  readonly slice: number;
  readonly pointer: string | null;
  /** A send failed before: the run counts as failed until its chain is mended. */
  readonly isBroken: boolean;
  readonly dueAt: Date;
}

/** Runs whose next slice has been due for longer than `graceMs` while nobody works on them; oldest first. */
export async function overdueSlices(
  db: Db,
  now: Date,
  graceMs: number,
  limit: number,
): Promise<readonly OverdueSlice[]> {
  const rows = await db
    .selectFrom('sync_runs')
    .select(['id', 'slice', 'pointer', 'status', 'next_slice_at'])
    .where((eb) =>
      eb.or([
        eb('status', '=', 'running'),
        eb.and([eb('status', '=', 'failed'), eb('ended_at', 'is', null)]),
      ]),
    )
    .where('next_slice_at', '<', new Date(now.getTime() - graceMs))
    .where((eb) => eb.or([eb('lease_token', 'is', null), eb('lease_until', '<', databaseNow())]))
    .orderBy('next_slice_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    runId: row.id,
    slice: row.slice,
    pointer: row.pointer,
    isBroken: row.status === 'failed',
    dueAt: row.next_slice_at ?? now,
  }));
}
