import { NEVER_STARTED, notStarted } from '../../../shared/domain/notStarted.ts';
import { classifyDatabaseError, json } from '../../platform/database/index.ts';
import { recordStateChange, type RunRow, writeContext } from '../../platform/runs/index.ts';
import type { Services } from '../../platform/services.ts';
import type { Workflow } from '../durable/workflow.ts';
import { scheduledRunId } from '../runId.ts';
import { runLogger } from '../runLog.ts';
import { findWorkflowRun, insertWorkflowRun } from '../runStore.ts';

type Reasoned = Pick<RunRow, 'status' | 'status_reason'>;

export function isNeverStarted({ status, status_reason: statusReason }: Reasoned): boolean {
  return notStarted({ status, statusReason }) === NEVER_STARTED;
}

export function isNotStarted({ status, status_reason: statusReason }: Reasoned): boolean {
  return notStarted({ status, statusReason }) !== undefined;
}

/**
 * Writes down an occurrence of a schedule that has no run: a `stale` row under the id that the run would have had, so that
 * history shows no gap as green (SPEC O1, B45), and a retry or trigger can still start it. False: it has a run.
 */
export async function recordNotStarted(
  services: Services,
  workflow: Workflow,
  occurrence: { readonly organizationId: string; readonly dueAt: Date; readonly reason: string },
): Promise<boolean> {
  const { organizationId, dueAt, reason } = occurrence;
  const context = writeContext(services);
  const runId = scheduledRunId(workflow.name, dueAt);
  const run = {
    id: runId,
    organization_id: organizationId,
    sync_type: workflow.name,
    correlation_id: runId,
    live_key: runId,
    status: 'stale',
    status_reason: reason,
    trigger_kind: 'cron',
    triggered_by: null,
    payload_json: json(workflow.payload.safeParse({}).data ?? {}),
    code_version: services.version,
  } as const;
  try {
    await services.database.transaction(async (tx) => {
      await insertWorkflowRun(tx, run, context.at, dueAt);
      const change = { subjectType: 'run', subjectId: runId, oldState: null, newState: 'stale' } as const;
      await recordStateChange(tx, { organizationId, ...change, reason }, context);
      const row = await findWorkflowRun(tx, runId, organizationId);
      if (row !== undefined) await workflow.onEnd?.(row, tx, context);
    });
  } catch (error) {
    if (classifyDatabaseError(error).kind !== 'unique_violation') throw error;
    return false;
  }
  const logged = { runId, syncType: workflow.name, correlationId: runId };
  runLogger(services, logged).warn('run not started', { reason });
  return true;
}
