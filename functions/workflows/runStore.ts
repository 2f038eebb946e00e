import type { Insertable } from 'kysely';
import type { Db } from '../platform/database/index.ts';
import type { SyncRunsTable } from '../platform/database/tables/runs.ts';
import { type RunRow, stepsOf } from '../platform/runs/index.ts';
import { hasRetry } from './repeatable.ts';

const noFiles = {
  files_examined: 0,
  files_needed: 0,
  files_archived: 0,
  files_skipped: 0,
  files_failed: 0,
  bytes_archived: 0,
} as const;

export type NewRun = Pick<
  Insertable<SyncRunsTable>,
  | 'id'
  | 'organization_id'
  | 'sync_type'
  | 'correlation_id'
  | 'live_key'
  | 'trigger_kind'
  | 'triggered_by'
  | 'payload_json'
  | 'code_version'
  | 'status'
  | 'status_reason'
>;

/** A new run of a workflow, at its start or at what should have been its start. Rejects with a unique violation when its id, or a live run with its key, is there. */
export async function insertWorkflowRun(tx: Db, run: NewRun, at: Date, startedAt: Date = at): Promise<void> {
  const isLive = run.status === 'running';
  await tx
    .insertInto('sync_runs')
    .values({
      ...run,
      ...noFiles,
      slice: 0,
      slice_attempts: 0,
      next_slice_at: isLive ? at : null,
      ended_at: isLive ? null : at,
      started_at: startedAt,
      last_activity_at: at,
      progress_at: at,
      version: 1,
      created_at: at,
      updated_at: at,
    })
    .execute();
}

export async function findWorkflowRun(
  db: Db,
  runId: string,
  organizationId: string,
): Promise<RunRow | undefined> {
  return db
    .selectFrom('sync_runs')
    .selectAll()
    .where('id', '=', runId)
    .where('organization_id', '=', organizationId)
    .where('code_version', 'is not', null)
    .executeTakeFirst();
}

export async function findByLiveKey(db: Db, liveKey: string): Promise<RunRow | undefined> {
  return db.selectFrom('sync_runs').selectAll().where('live_key', '=', liveKey).executeTakeFirst();
}

/** The newest run of a kind, if something of it is left to do: it has not come to its end, or may be retried. */
export async function newestUnfinished(
  db: Db,
  organizationId: string,
  syncType: string,
): Promise<RunRow | undefined> {
  const newest = await newestRun(db, organizationId, syncType);
  if (newest === undefined) return undefined;
  const goesOn = newest.status === 'running' || newest.status === 'paused';
  return goesOn || hasRetry(newest, await stepsOf(db, newest)) ? newest : undefined;
}

export async function newestRun(
  db: Db,
  organizationId: string,
  syncType: string,
): Promise<RunRow | undefined> {
  return db
    .selectFrom('sync_runs')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('sync_type', '=', syncType)
    .where('code_version', 'is not', null)
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}
