import { classifyDatabaseError, claim, type Db } from '../platform/database/index.ts';
import { Problem } from '../platform/http/problem.ts';
import {
  closeRun,
  recordStateChange,
  type RunRow,
  stepsOf,
  type StepWrite,
  writeContext,
  type WriteContext,
  writeStepsOf,
} from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import { sendLink } from './chain.ts';
import { CHAIN_FAILED, CHAIN_MENDED } from './failureSteps.ts';
import { findWorkflow, tellItsWorkflow, type Workflows } from './registry.ts';
import { hasRetry, isFailed, RETRYABLE } from './repeatable.ts';
import { runLogger } from './runLog.ts';
import { findWorkflowRun } from './runStore.ts';
import { liveKeyOf } from './startRun.ts';

/** What a person does to a run. */
export interface Control {
  readonly organizationId: string;
  readonly runId: string;
  /** For people: who, and why if they said so. */
  readonly by: string;
  /** Part of the transaction that does it. */
  readonly alongside?: (tx: Db, run: RunRow) => Promise<void>;
}

/** Stops a run after what is under way; idempotent. Throws `not-found`, `wrong-state`. */
export async function pauseRun(services: Services, control: Control): Promise<RunRow> {
  return await change(services, control, (run) => {
    if (run.status === 'paused') return null;
    expectStatus(run, ['running'], 'paused');
    return { set: { status: 'paused' }, reason: `paused by ${control.by}` };
  });
}

/** Lets a paused run go on; idempotent. Throws `not-found`, `wrong-state`. */
export async function resumeRun(services: Services, control: Control): Promise<RunRow> {
  const run = await change(services, control, (before, { at }) => {
    if (before.status === 'running') return null;
    expectStatus(before, ['paused'], 'resumed');
    return {
      set: { status: 'running', next_slice_at: at, progress_at: at },
      reason: `resumed by ${control.by}`,
      steps: mendedChain,
    };
  });
  await lead(services, run);
  return run;
}

/** Ends a run for good: results in flight are refused; idempotent. Throws `not-found`, `wrong-state`. */
export async function terminateRun(
  services: Services,
  workflows: Workflows,
  control: Control,
): Promise<RunRow> {
  const run = await ownRun(services.database.db, control);
  if (run.status === 'terminated') return run;
  expectStatus(run, ['running', 'paused', 'failed', 'stale'], 'terminated');
  const context = writeContext(services);
  const closed = await services.database.transaction(async (tx) => {
    const closure = { runId: run.id, version: run.version, status: 'terminated' } as const;
    const row = await closeRun(tx, { ...closure, reason: `terminated by ${control.by}` }, context);
    if (row === undefined) return undefined;
    await control.alongside?.(tx, row);
    await tellItsWorkflow(workflows, row, tx, context);
    return row;
  });
  // Somebody wrote to it meanwhile, its worker most likely: then once more, from what is there now.
  if (closed === undefined) return await terminateRun(services, workflows, control);
  say(services, closed, `terminated by ${control.by}`);
  return closed;
}

/**
 * Lets a run that failed, fell silent or ended in part go on from its last good activity. Throws `not-found`, `wrong-state` (also
 * where nothing is left to do again), and `already-running` when another run of an exclusive workflow has begun since.
 */
export async function retryRun(services: Services, workflows: Workflows, control: Control): Promise<RunRow> {
  const run = await change(services, control, (before, { at }) => {
    if (before.status === 'running') return null;
    expectStatus(before, RETRYABLE, 'retried');
    const workflow = findWorkflow(workflows, before.sync_type);
    if (workflow === undefined)
      throw new Problem(
        'wrong-state',
        `${before.sync_type} is no workflow of this server (any more): the run cannot go on. Start it anew.`,
      );
    return {
      set: {
        status: 'running',
        status_reason: null,
        live_key: liveKeyOf(workflow, before.organization_id) ?? before.id,
        result_json: null,
        error_tag: null,
        doubt: null,
        ended_at: null,
        slice: before.slice + 1,
        slice_attempts: 0,
        lease_token: null,
        lease_until: null,
        next_slice_at: at,
        // From here on it is judged anew whether it gets on.
        progress_at: at,
      },
      reason: `retried by ${control.by}`,
      steps: (tx, after) => mendedSteps(tx, before, after),
    };
  });
  await lead(services, run);
  return run;
}

/** What failed is to come again; what told of the failure has done its work. */
async function mendedSteps(tx: Db, before: RunRow, run: RunRow): Promise<StepWrite[]> {
  const steps = await stepsOf(tx, run);
  if (!hasRetry(before, steps)) {
    const why = before.status_reason ?? 'no activity of it failed';
    throw new Problem(
      'wrong-state',
      `Run ${run.id} came to its end (${why}): a retry would read nothing again. When its source is well, start it anew.`,
    );
  }
  return steps.flatMap((step): StepWrite[] => {
    const { step: name, kind } = step;
    if (kind === 'failure') return [{ step: name, kind, status: 'complete' }];
    return isFailed(step) ? [{ step: name, kind, status: 'pending' }] : [];
  });
}

/** A message that could not be sent while somebody paused the run is sent now. */
async function mendedChain(tx: Db, run: RunRow): Promise<StepWrite[]> {
  const isBroken = (await stepsOf(tx, run)).some(({ step }) => step === CHAIN_FAILED);
  return isBroken ? [CHAIN_MENDED] : [];
}

type Decision = {
  readonly set: Partial<RunRow>;
  readonly reason: string;
  readonly steps?: (tx: Db, run: RunRow) => Promise<StepWrite[]>;
} | null;

/** Reads, decides, and writes by compare-and-set, with the state change in the same transaction; again after a rival. */
async function change(
  services: Services,
  control: Control,
  decide: (run: RunRow, context: WriteContext) => Decision,
): Promise<RunRow> {
  const before = await ownRun(services.database.db, control);
  const context = writeContext(services);
  const decision = decide(before, context);
  if (decision === null) return before;
  try {
    const after = await services.database.transaction((tx) => write(tx, before, decision, control, context));
    if (after === undefined) return await change(services, control, decide);
    say(services, after, decision.reason);
    return after;
  } catch (cause) {
    if (classifyDatabaseError(cause).kind !== 'unique_violation') throw cause;
    throw new Problem('already-running', `Another run of ${before.sync_type} goes on; wait for it to end.`, {
      cause,
    });
  }
}

async function write(
  tx: Db,
  before: RunRow,
  decision: NonNullable<Decision>,
  control: Control,
  context: WriteContext,
): Promise<RunRow | undefined> {
  const { id, version, organization_id: organizationId } = before;
  const set = { ...decision.set, last_activity_at: context.at, updated_at: context.at } as never;
  const after = await claim(tx, 'sync_runs', { key: { id }, version, set });
  if (after === undefined) return undefined;
  await recordStateChange(
    tx,
    {
      organizationId,
      subjectType: 'run',
      subjectId: id,
      oldState: before.status,
      newState: after.status,
      reason: decision.reason,
    },
    context,
  );
  await control.alongside?.(tx, after);
  // Also without a step to write: whatever a person wants, the status is what the steps make of it.
  return await writeStepsOf(tx, after, (await decision.steps?.(tx, after)) ?? [], context);
}

async function ownRun(db: Db, { runId, organizationId }: Control): Promise<RunRow> {
  const run = await findWorkflowRun(db, runId, organizationId);
  if (run === undefined) throw new Problem('not-found', `There is no workflow run ${runId}.`);
  return run;
}

function expectStatus(run: RunRow, wanted: readonly RunRow['status'][], done: string): void {
  if (wanted.includes(run.status)) return;
  throw new Problem(
    'wrong-state',
    `Run ${run.id} is ${run.status}: it cannot be ${done}. Wanted: ${wanted.join(', ')}.`,
  );
}

function say(services: Services, run: RunRow, done: string): void {
  const { id: runId, sync_type: syncType, correlation_id: correlationId, status } = run;
  runLogger(services, { runId, syncType, correlationId }).info(`run ${done}`, { status });
}

/** Sends the message that a run waits for. A lease that somebody still holds makes it stale: then its holder sends the next. */
async function lead(services: Services, run: RunRow): Promise<void> {
  if (run.status !== 'running') return;
  await sendLink(services, { runId: run.id, slice: run.slice, pointer: run.pointer });
}
