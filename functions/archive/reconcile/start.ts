import { foldPath } from '../../../shared/domain/paths.ts';
import { classifyDatabaseError, type Db, json } from '../../platform/database/index.ts';
import { Problem } from '../../platform/http/problem.ts';
import { writeContext, type WriteContext } from '../../platform/runs/index.ts';
import type { Services } from '../../platform/services.ts';
import { type SharePage, ShareError } from '../../platform/storage/shares.ts';
import { sendLink } from '../../workflows/index.ts';
import { actorName, type Decision, recordDecision } from '../decision.ts';
import { findJob, type JobRow } from '../store/jobs.ts';
import { joinPath } from './directory.ts';
import type { ReconcilePayload } from './state.ts';
import { countIndexed, placesOfOtherJobs } from './store.ts';
import { RECONCILE_SYNC_TYPE } from './work.ts';

export interface ReconcileOptions {
  readonly dryRun: boolean;
  readonly removeMissing: boolean;
  readonly allowEmptyShare: boolean;
}

export interface ReconcileRequest extends Decision, ReconcileOptions {
  readonly runnerId: string;
  readonly jobId: string;
}

/**
 * Begins a reconcile as a run of slices and returns its id at once. Throws `not-found`, `already-running` while one of
 * this job goes on, and `share-looks-empty` when the share shows nothing and the index does.
 */
export async function startReconcile(
  services: Services,
  request: ReconcileRequest,
): Promise<{ runId: string }> {
  const { db } = services.database;
  const job = await findJob(db, request, request.jobId);
  if (job === undefined) {
    throw new Problem('not-found', `Runner ${request.runnerId} has no job ${request.jobId}.`);
  }
  const indexedAtStart = await countIndexed(db, job.id);
  if (indexedAtStart > 0 && !request.allowEmptyShare) await refuseEmptyShare(services, job, indexedAtStart);
  const runId = `reconcile-${services.newId()}`;
  await storeRun(services, request, runId, {
    jobId: job.id,
    shareName: job.share_name,
    sharePath: job.share_path,
    otherPlaces: await placesBelow(db, job),
    dryRun: request.dryRun,
    removeMissing: request.removeMissing,
    allowEmptyShare: request.allowEmptyShare,
    indexedAtStart,
  });
  await sendLink(services, { runId, slice: 0, pointer: null });
  return { runId };
}

/** Other jobs may archive to folders below this one's: their files are not this job's. */
async function placesBelow(db: Db, job: JobRow): Promise<string[]> {
  const others = await placesOfOtherJobs(db, { id: job.id, shareName: job.share_name });
  const own = foldPath(joinPath(job.share_path, '-')).slice(0, -1);
  return others.map(foldPath).filter((place) => place.startsWith(own) && place !== '');
}

async function refuseEmptyShare(services: Services, job: JobRow, indexed: number): Promise<void> {
  const root = await firstPage(services, job);
  if (root.entries.length > 0) return;
  throw new Problem(
    'share-looks-empty',
    `Share ${job.share_name} shows nothing below /${job.share_path}, while the state index holds ${String(indexed)} files. ` +
      'Nothing was changed. Look at the share first; say allowEmptyShare if it is right.',
  );
}

async function firstPage(services: Services, job: JobRow): Promise<SharePage> {
  try {
    return await services.shares.listPage(job.share_name, job.share_path, undefined);
  } catch (cause) {
    if (!(cause instanceof ShareError)) throw cause;
    throw new Problem(
      'unavailable',
      `Share ${job.share_name} could not be listed (${cause.kind}); nothing was changed.`,
      { cause, retryAfterSeconds: 30 },
    );
  }
}

async function storeRun(
  services: Services,
  request: ReconcileRequest,
  runId: string,
  payload: ReconcilePayload,
): Promise<void> {
  const context = writeContext(services);
  try {
    await services.database.transaction(async (tx) => {
      await insertRun(tx, request, runId, payload, context);
      const { dryRun, removeMissing, allowEmptyShare } = payload;
      const detail = { runId, dryRun, removeMissing, allowEmptyShare };
      const done = { action: 'job.reconcile_started', subjectType: 'job', subjectId: payload.jobId, detail };
      await recordDecision(tx, request, done, context);
    });
  } catch (cause) {
    if (classifyDatabaseError(cause).kind !== 'unique_violation') throw cause;
    throw new Problem(
      'already-running',
      `A reconcile of job ${request.jobId} is going on; wait for it to end.`,
      { cause },
    );
  }
}

async function insertRun(
  tx: Db,
  request: ReconcileRequest,
  runId: string,
  payload: ReconcilePayload,
  { at }: WriteContext,
): Promise<void> {
  await tx
    .insertInto('sync_runs')
    .values({
      id: runId,
      organization_id: request.organizationId,
      sync_type: RECONCILE_SYNC_TYPE,
      job_id: payload.jobId,
      runner_id: request.runnerId,
      correlation_id: runId,
      live_key: `reconcile:${payload.jobId}`,
      status: 'running',
      trigger_kind: 'manual',
      triggered_by: actorName(request.actor),
      payload_json: json(payload),
      files_examined: 0,
      files_needed: 0,
      files_archived: 0,
      files_skipped: 0,
      files_failed: 0,
      bytes_archived: 0,
      slice: 0,
      slice_attempts: 0,
      next_slice_at: at,
      started_at: at,
      last_activity_at: at,
      version: 1,
      created_at: at,
      updated_at: at,
    })
    .execute();
}
