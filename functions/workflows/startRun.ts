import { classifyDatabaseError, json } from '../platform/database/index.ts';
import { Problem } from '../platform/http/problem.ts';
import { recordStateChange, writeContext, type WriteContext } from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import type { Db } from '../platform/database/index.ts';
import { sendLink } from './chain.ts';
import type { Workflow } from './durable/workflow.ts';
import { missingSettings } from './registry.ts';
import { manualRunId, scheduledRunId } from './runId.ts';
import { runLogger } from './runLog.ts';
import { findByLiveKey, findWorkflowRun, insertWorkflowRun, type NewRun } from './runStore.ts';

export interface StartRequest {
  readonly organizationId: string;
  readonly payload: unknown;
  /** Who started it, for people; null for the schedule. */
  readonly triggeredBy: string | null;
  /** The occurrence of the schedule that it is for; left out: a person starts it. */
  readonly dueAt?: Date;
  readonly correlationId?: string;
  /** Part of the transaction that makes the run. */
  readonly alongside?: (tx: Db, runId: string) => Promise<void>;
}

export interface StartedRun {
  readonly runId: string;
  /** False: the run of this occurrence was there already. */
  readonly isNew: boolean;
}

/**
 * Makes a run of a workflow and sends its first message. Starting the same occurrence of a schedule again gives the same
 * run. Throws `invalid-request` for a payload that it does not take, `not-configured` while settings are missing, and
 * `already-running` for an exclusive workflow that goes on.
 */
export async function startRun(
  services: Services,
  workflow: Workflow,
  request: StartRequest,
): Promise<StartedRun> {
  refuseUnconfigured(workflow, services);
  const payload = checkedPayload(workflow, request.payload);
  const context = writeContext(services);
  const { dueAt, organizationId } = request;
  const runId =
    dueAt === undefined
      ? manualRunId(workflow.name, context.at, context.newId())
      : scheduledRunId(workflow.name, dueAt);
  if (
    dueAt !== undefined &&
    (await findWorkflowRun(services.database.db, runId, organizationId)) !== undefined
  )
    return { runId, isNew: false };
  const liveKey = liveKeyOf(workflow, organizationId) ?? runId;
  const run = {
    id: runId,
    organization_id: organizationId,
    sync_type: workflow.name,
    correlation_id: request.correlationId ?? runId,
    live_key: liveKey,
    trigger_kind: dueAt === undefined ? 'manual' : 'cron',
    triggered_by: request.triggeredBy,
    payload_json: json(payload),
  } as const;
  try {
    await storeNewRun(services, run, request.alongside, context);
  } catch (cause) {
    if (classifyDatabaseError(cause).kind !== 'unique_violation') throw cause;
    return await rivalOf(services, workflow, { runId, liveKey, organizationId }, cause);
  }
  await leadToFirstSlice(services, run);
  return { runId, isNew: true };
}

type StartedRow = Omit<NewRun, 'status' | 'status_reason' | 'code_version'>;

/** A run that is to begin now, with its state change and what else belongs to it. Rejects with a unique violation when it is there, or another with its live key. */
export async function storeNewRun(
  services: Services,
  run: StartedRow,
  alongside: StartRequest['alongside'],
  context: WriteContext,
): Promise<void> {
  const state = { status: 'running', status_reason: null, code_version: services.version } as const;
  await services.database.transaction(async (tx) => {
    await insertWorkflowRun(tx, { ...run, ...state }, context.at);
    const change = { subjectType: 'run', subjectId: run.id, oldState: null, newState: 'running' } as const;
    const reason = startedBy(run);
    await recordStateChange(tx, { organizationId: run.organization_id, ...change, reason }, context);
    await alongside?.(tx, run.id);
  });
}

export async function leadToFirstSlice(services: Services, run: StartedRow): Promise<void> {
  const { id: runId, sync_type: syncType, correlation_id: correlationId } = run;
  const log = runLogger(services, { runId, syncType, correlationId });
  log.info('run started', { why: startedBy(run) });
  await sendLink(services, { runId, slice: 0, pointer: null });
}

function startedBy({ triggered_by: by }: StartedRow): string {
  return by === null || by === undefined ? 'its schedule' : `started by ${by}`;
}

/** One live run at a time where the workflow says so, of it or of its group. */
export function liveKeyOf({ exclusive, name }: Workflow, organizationId: string): string | undefined {
  if (exclusive === false) return undefined;
  return `workflow:${organizationId}:${exclusive === true ? name : exclusive}`;
}

function refuseUnconfigured(workflow: Workflow, { settings }: Services): void {
  const missing = missingSettings(workflow, settings);
  if (missing.length === 0) return;
  throw new Problem(
    'not-configured',
    `${workflow.name} cannot run: the settings ${missing.join(', ')} are not set on this server.`,
    { extra: { missing } },
  );
}

function checkedPayload(workflow: Workflow, payload: unknown): unknown {
  const parsed = workflow.payload.safeParse(payload ?? {});
  if (parsed.success) return parsed.data;
  throw new Problem(
    'invalid-request',
    `This is not a payload that ${workflow.name} takes; nothing was started.`,
    {
      errors: parsed.error.issues.map(({ path, message }) => ({
        pointer: ['', 'payload', ...path.map(String)].join('/'),
        message,
      })),
    },
  );
}

/** Another instance made the run of this occurrence, or another run of an exclusive workflow goes on. */
async function rivalOf(
  services: Services,
  workflow: Workflow,
  made: { readonly runId: string; readonly liveKey: string; readonly organizationId: string },
  cause: unknown,
): Promise<StartedRun> {
  const { db } = services.database;
  if ((await findWorkflowRun(db, made.runId, made.organizationId)) !== undefined)
    return { runId: made.runId, isNew: false };
  const live = await findByLiveKey(db, made.liveKey);
  throw new Problem(
    'already-running',
    `${workflow.name} cannot start while ${live?.id ?? 'another run'} goes on; wait for it to end, or terminate it.`,
    { extra: { runId: live?.id ?? null }, cause },
  );
}
