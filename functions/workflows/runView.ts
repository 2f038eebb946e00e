import type { ResponseOf } from '../../shared/contract/endpoint.ts';
import type { workflowRun } from '../../shared/contract/workflows.ts';
import { adviceOnWorkflow } from '../../shared/domain/workflowAdvice.ts';
import type { Db } from '../platform/database/index.ts';
import { Problem } from '../platform/http/problem.ts';
import {
  findRun,
  type RunRow,
  runSummaryOf,
  type StepRow,
  stepsOf,
  stepViewOf,
} from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import { BULK_RETRY_SYNC_TYPE } from './bulkRetry/payload.ts';
import { hasRetry } from './repeatable.ts';
import { failureOf } from './runFailure.ts';
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
      adviceOnWorkflow({
        status: row.status,
        statusReason: row.status_reason,
        ended: row.ended_at !== null,
      }),
    pointer: row.pointer,
    nextSliceAt: row.next_slice_at?.toISOString() ?? null,
    waitingMessages,
    changes,
    allowed: allowedOn(row, steps),
  };
}

function allowedOn(row: RunRow, steps: readonly StepRow[]): View['allowed'] {
  const { status, sync_type: syncType } = row;
  if (status === 'running') return ['pause', 'terminate'];
  if (status === 'paused') return ['resume', 'terminate'];
  if (!hasRetry(row, steps) || syncType === BULK_RETRY_SYNC_TYPE) return [];
  return status === 'partial' ? ['retry'] : ['retry', 'terminate'];
}

async function countChanges(db: Db, runId: string): Promise<number> {
  const { count } = await db
    .selectFrom('change_events')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('run_id', '=', runId)
    .executeTakeFirstOrThrow();
  return count;
}
