import { type Db, json } from '../../platform/database/index.ts';
import type { RunRow } from '../../platform/runs/index.ts';

export const FILE_SYNC = 'file_sync';

export async function findRunByCorrelation(db: Db, correlationId: string): Promise<RunRow | undefined> {
  return db
    .selectFrom('sync_runs')
    .selectAll()
    .where('correlation_id', '=', correlationId)
    .where('sync_type', '=', FILE_SYNC)
    .executeTakeFirst();
}

/** A file sync of this very runner under this correlation id, or undefined. */
export async function findRunOf(
  db: Db,
  owner: { readonly organizationId: string; readonly runnerId: string },
  named: { readonly runId: string; readonly correlationId: string },
): Promise<RunRow | undefined> {
  return db
    .selectFrom('sync_runs')
    .selectAll()
    .where('id', '=', named.runId)
    .where('correlation_id', '=', named.correlationId)
    .where('sync_type', '=', FILE_SYNC)
    .where('runner_id', '=', owner.runnerId)
    .where('organization_id', '=', owner.organizationId)
    .executeTakeFirst();
}

export async function findLiveRun(
  db: Db,
  liveKey: string,
): Promise<Pick<RunRow, 'id' | 'version' | 'correlation_id'> | undefined> {
  return db
    .selectFrom('sync_runs')
    .select(['id', 'version', 'correlation_id'])
    .where('live_key', '=', liveKey)
    .executeTakeFirst();
}

/** Whether a later run of the same job has begun, live or not. */
export async function hasNewerRun(
  db: Db,
  run: Pick<RunRow, 'id' | 'job_id' | 'created_at'>,
): Promise<boolean> {
  const newer = await db
    .selectFrom('sync_runs')
    .select('id')
    .where('job_id', '=', run.job_id)
    .where('sync_type', '=', FILE_SYNC)
    .where('started_at', '>', run.created_at)
    .where('id', '<>', run.id)
    .limit(1)
    .executeTakeFirst();
  return newer !== undefined;
}

export interface NewRun {
  readonly id: string;
  readonly organizationId: string;
  readonly jobId: string;
  readonly runnerId: string;
  readonly generation: number;
  readonly correlationId: string;
  readonly triggeredBy: string;
  readonly at: Date;
}

export async function insertFileSync(tx: Db, run: NewRun): Promise<void> {
  await tx
    .insertInto('sync_runs')
    .values({
      id: run.id,
      organization_id: run.organizationId,
      sync_type: FILE_SYNC,
      job_id: run.jobId,
      runner_id: run.runnerId,
      correlation_id: run.correlationId,
      live_key: run.jobId,
      status: 'running',
      trigger_kind: 'agent',
      triggered_by: run.triggeredBy,
      generation: run.generation,
      payload_json: json({ jobId: run.jobId, trigger: run.triggeredBy }),
      files_examined: 0,
      files_needed: 0,
      files_archived: 0,
      files_skipped: 0,
      files_failed: 0,
      bytes_archived: 0,
      slice: 0,
      slice_attempts: 0,
      started_at: run.at,
      last_activity_at: run.at,
      version: 1,
      created_at: run.at,
      updated_at: run.at,
    })
    .execute();
}

export interface RunTotals {
  readonly filesArchived: number;
  readonly filesSkipped: number;
  readonly filesFailed: number;
  readonly bytesArchived: number;
}

export async function storeTotals(
  tx: Db,
  runId: string,
  totals: RunTotals & { readonly filesExamined?: number; readonly expectedResults?: number },
): Promise<void> {
  await tx
    .updateTable('sync_runs')
    .set({
      files_archived: totals.filesArchived,
      files_skipped: totals.filesSkipped,
      files_failed: totals.filesFailed,
      bytes_archived: totals.bytesArchived,
      ...(totals.filesExamined === undefined ? {} : { files_examined: totals.filesExamined }),
      ...(totals.expectedResults === undefined ? {} : { expected_results: totals.expectedResults }),
    })
    .where('id', '=', runId)
    .execute();
}

export async function storeNeeded(tx: Db, runId: string, filesNeeded: number): Promise<void> {
  await tx.updateTable('sync_runs').set({ files_needed: filesNeeded }).where('id', '=', runId).execute();
}
