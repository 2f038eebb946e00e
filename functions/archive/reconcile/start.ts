import { classifyDatabaseError, type Db, json } from '../../platform/database/index.ts';
import { Problem } from '../../platform/http/problem.ts';
import type { Services } from '../../platform/services.ts';
import { type SharePage, ShareError } from '../../platform/storage/shares.ts';
import { sendHint } from '../../workflows/index.ts';
import type { ReconcilePayload } from './state.ts';
import { countIndexed } from './store.ts';
import { RECONCILE_SYNC_TYPE } from './work.ts';

export interface ReconcileRequest {
  readonly organizationId: string;
  readonly runnerId: string;
  readonly jobId: string;
  readonly requestedBy: string;
  readonly dryRun: boolean;
  readonly removeMissing: boolean;
  readonly allowEmptyShare: boolean;
}

/**
 * Begins a reconcile as a run of slices and returns its id at once. Refuses with `already-running` while one of this
 * job goes on, and with `share-looks-empty` when the share shows nothing and the index does.
 */
export async function startReconcile(
  services: Services,
  request: ReconcileRequest,
): Promise<{ runId: string }> {
  const { db } = services.database;
  const job = await findJob(db, request);
  const indexedAtStart = await countIndexed(db, request.jobId);
  if (indexedAtStart > 0 && !request.allowEmptyShare) {
    await refuseEmptyShare(services, job, indexedAtStart);
  }
  const payload: ReconcilePayload = {
    jobId: request.jobId,
    shareName: job.shareName,
    sharePath: job.sharePath,
    dryRun: request.dryRun,
    removeMissing: request.removeMissing,
    allowEmptyShare: request.allowEmptyShare,
    indexedAtStart,
  };
  const runId = `reconcile-${services.newId()}`;
  await insertRun(services, request, runId, payload);
  await sendHint(services, { runId, slice: 0 });
  return { runId };
}

interface ReconciledJob {
  readonly shareName: string;
  readonly sharePath: string;
}

async function findJob(db: Db, request: ReconcileRequest): Promise<ReconciledJob> {
  const job = await db
    .selectFrom('jobs')
    .select(['share_name', 'share_path'])
    .where('id', '=', request.jobId)
    .where('runner_id', '=', request.runnerId)
    .where('organization_id', '=', request.organizationId)
    .executeTakeFirst();
  if (job === undefined) {
    throw new Problem('not-found', `Runner ${request.runnerId} has no job ${request.jobId}.`);
  }
  return { shareName: job.share_name, sharePath: job.share_path };
}

async function refuseEmptyShare(services: Services, job: ReconciledJob, indexed: number): Promise<void> {
  const root = await firstPage(services, job);
  if (root.entries.length > 0) return;
  throw new Problem(
    'share-looks-empty',
    `Share ${job.shareName} shows nothing below /${job.sharePath}, while the state index holds ${String(indexed)} files. ` +
      'Nothing was changed. Look at the share first; say allowEmptyShare if it is right.',
  );
}

async function firstPage(services: Services, job: ReconciledJob): Promise<SharePage> {
  try {
    return await services.shares.listPage(job.shareName, job.sharePath, undefined);
  } catch (cause) {
    if (!(cause instanceof ShareError)) throw cause;
    throw new Problem(
      'unavailable',
      `Share ${job.shareName} could not be listed (${cause.kind}); nothing was changed.`,
      {
        cause,
        retryAfterSeconds: 30,
      },
    );
  }
}

async function insertRun(
  services: Services,
  request: ReconcileRequest,
  runId: string,
  payload: ReconcilePayload,
): Promise<void> {
  const now = services.now();
  const liveKey = `reconcile:${request.jobId}`;
  try {
    await services.database.db
      .insertInto('sync_runs')
      .values({
        id: runId,
        organization_id: request.organizationId,
        sync_type: RECONCILE_SYNC_TYPE,
        job_id: request.jobId,
        runner_id: request.runnerId,
        correlation_id: runId,
        live_key: liveKey,
        status: 'running',
        trigger_kind: 'manual',
        triggered_by: request.requestedBy,
        payload_json: json(payload),
        files_examined: 0,
        files_needed: 0,
        files_archived: 0,
        files_skipped: 0,
        files_failed: 0,
        bytes_archived: 0,
        slice: 0,
        slice_attempts: 0,
        next_slice_at: now,
        started_at: now,
        last_activity_at: now,
        version: 1,
        created_at: now,
        updated_at: now,
      })
      .execute();
  } catch (cause) {
    if (classifyDatabaseError(cause).kind !== 'unique_violation') throw cause;
    throw new Problem(
      'already-running',
      `A reconcile of job ${request.jobId} is going on; wait for it to end.`,
      { cause },
    );
  }
}
