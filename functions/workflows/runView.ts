import { z } from 'zod';
import type { ResponseOf } from '../../shared/contract/endpoint.ts';
import type { RunFailureView, workflowRun } from '../../shared/contract/workflows.ts';
import { adviceOnTag, ERROR_TAGS, isPermanentTag } from '../../shared/domain/errorTags.ts';
import { adviceOn } from '../../shared/domain/runAdvice.ts';
import type { Db } from '../platform/database/index.ts';
import { Problem } from '../platform/http/problem.ts';
import { findRun, type RunRow, runSummaryOf, stepsOf, stepViewOf } from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import { BULK_RETRY_SYNC_TYPE } from './bulkRetry/payload.ts';
import { RETRYABLE } from './controlRun.ts';
import { findWorkflowRun } from './runStore.ts';

type View = ResponseOf<typeof workflowRun>;

/** One run of a workflow as its page shows it. Throws `not-found`. */
export async function readWorkflowRun(
  services: Services,
  organizationId: string,
  runId: string,
): Promise<View> {
  const { db } = services.database;
  const [row, summary] = await Promise.all([
    findWorkflowRun(db, runId, organizationId),
    findRun(db, organizationId, runId),
  ]);
  if (row === undefined || summary === undefined)
    throw new Problem('not-found', `There is no workflow run ${runId}.`);
  const [steps, changes, waitingMessages] = await Promise.all([
    stepsOf(db, row),
    countChanges(db, runId),
    services.slices.depth().catch(() => null),
  ]);
  const failure = failureOf(row);
  return {
    now: services.now().toISOString(),
    run: runSummaryOf(summary),
    payload: row.payload_json,
    result: row.result_json,
    failure,
    steps: steps.map(stepViewOf),
    advice:
      failure?.advice ??
      adviceOn({ status: row.status, statusReason: row.status_reason, filesFailed: row.files_failed }),
    pointer: row.pointer,
    nextSliceAt: row.next_slice_at?.toISOString() ?? null,
    waitingMessages,
    changes,
    allowed: allowedOn(row),
  };
}

function allowedOn({ status, sync_type: syncType }: RunRow): View['allowed'] {
  if (status === 'running') return ['pause', 'terminate'];
  if (status === 'paused') return ['resume', 'terminate'];
  if (!RETRYABLE.includes(status) || syncType === BULK_RETRY_SYNC_TYPE) return [];
  return status === 'partial' ? ['retry'] : ['retry', 'terminate'];
}

const storedFailure = z.object({
  message: z.string(),
  tag: z.enum(ERROR_TAGS).nullable().catch(null),
  activity: z.string().nullable().catch(null),
  cause: z.unknown(),
});

function failureOf(row: RunRow): RunFailureView | null {
  if (row.status !== 'failed' || row.ended_at === null) return null;
  const parsed = storedFailure.safeParse(row.result_json);
  const { message, tag, activity, cause } = parsed.data ?? {
    message: row.status_reason ?? 'it failed',
    tag: null,
    activity: null,
    cause: null,
  };
  const isPermanent = tag === null || isPermanentTag(tag);
  return { message, tag, activity, cause: cause ?? null, isPermanent, advice: adviceFor(tag, message) };
}

function adviceFor(tag: RunFailureView['tag'], message: string): string {
  if (tag !== null) return adviceOnTag(tag);
  if (message.startsWith('code_changed'))
    return 'A new version of the workflow no longer fits what this run has done. Start it anew; a retry stops at the same place.';
  return 'The workflow stopped itself: its own code or what it found says why. Mend that, then retry.';
}

async function countChanges(db: Db, runId: string): Promise<number> {
  const { count } = await db
    .selectFrom('change_events')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('run_id', '=', runId)
    .executeTakeFirstOrThrow();
  return count;
}
