import { endRun, type RunRow, type StepWrite, writeContext, writeStepsOf } from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import type { SliceMessage } from '../platform/queues/sliceQueue.ts';
import { sendLink } from './chain.ts';
import { FATAL } from './failureSteps.ts';
import { MAX_SLICE_ATTEMPTS } from './retryPolicy.ts';
import { runLogger } from './runLog.ts';
import {
  LeaseLost,
  type SliceContext,
  type SlicedWork,
  type SliceOutcome,
  type SliceWrite,
} from './slice.ts';
import { type ClaimedSlice, claimSlice, extendLease, lockHeldRun, releaseRun, storeResult } from './store.ts';

export type SliceVerdict = 'stale' | 'continued' | 'finished' | 'lease_lost' | 'retry_later';

/**
 * Works on one slice message. Never throws for a failure of the work itself: that is stored and repeated later, so the
 * message is acknowledged. Throws only when the database does not answer; then the queue brings the message again.
 */
export async function workOnSlice(
  registry: readonly SlicedWork[],
  message: SliceMessage,
  services: Services,
): Promise<SliceVerdict> {
  const leaseMs = services.settings.SLICE_LEASE_SECONDS * 1000;
  const claimed = await claimSlice(services.database.db, message, leaseMs, services.now());
  if (claimed === undefined) return 'stale';
  try {
    const outcome = await runClaimedSlice(registry, claimed, services);
    return await storeOutcome(workOf(registry, claimed), claimed, outcome, services);
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error;
    const said = 'slice was taken over or its run was ended; its result is not stored';
    runLogger(services, claimed).warn(said, { slice: claimed.slice });
    return 'lease_lost';
  }
}

async function runClaimedSlice(
  registry: readonly SlicedWork[],
  claimed: ClaimedSlice,
  services: Services,
): Promise<SliceOutcome> {
  const work = workOf(registry, claimed);
  if (work === undefined) return fatal(`No work is registered for sync type ${claimed.syncType}`);
  if (claimed.attempts > MAX_SLICE_ATTEMPTS) {
    return fatal(
      `Slice ${String(claimed.slice)} was interrupted ${String(MAX_SLICE_ATTEMPTS)} times without getting on`,
    );
  }
  const context: SliceContext = {
    run: claimed,
    services,
    deadline: new Date(services.now().getTime() + services.settings.SLICE_BUDGET_SECONDS * 1000),
    extendLease: leaseExtender(claimed, services),
    commit: (write) => storeWithin(claimed, services, write, true),
    show: (steps) => storeWithin(claimed, services, () => Promise.resolve(steps), false),
  };
  return await work.runSlice(context);
}

function workOf(registry: readonly SlicedWork[], { syncType }: ClaimedSlice): SlicedWork | undefined {
  return registry.find((candidate) => candidate.syncType === syncType);
}

function fatal(reason: string): SliceOutcome {
  const step: StepWrite = { step: FATAL, kind: 'failure', status: 'failed', error: reason };
  return { kind: 'finished', steps: [step], reason, result: { message: reason } };
}

/** Work may ask as often as it likes: the database hears of it four times a lease. */
function leaseExtender(claimed: ClaimedSlice, services: Services): () => Promise<void> {
  const leaseMs = services.settings.SLICE_LEASE_SECONDS * 1000;
  let extendedAtMs = services.now().getTime();
  return async () => {
    const now = services.now();
    if (now.getTime() - extendedAtMs < leaseMs / 4) return;
    if (!(await extendLease(services.database.db, claimed, leaseMs, now))) throw new LeaseLost();
    extendedAtMs = now.getTime();
  };
}

async function storeWithin(
  claimed: ClaimedSlice,
  services: Services,
  write: SliceWrite,
  isProgress: boolean,
): Promise<RunRow> {
  const leaseMs = services.settings.SLICE_LEASE_SECONDS * 1000;
  const context = writeContext(services);
  return services.database.transaction(async (tx) => {
    const run = await lockHeldRun(tx, claimed, { leaseMs, isProgress }, context);
    if (run === undefined) throw new LeaseLost();
    return await storeSteps(tx, run, await write(tx, context), context);
  });
}

async function storeOutcome(
  work: SlicedWork | undefined,
  claimed: ClaimedSlice,
  outcome: SliceOutcome,
  services: Services,
): Promise<SliceVerdict> {
  if (outcome.kind === 'finished') {
    sayEnd(services, claimed, await storeEnd(work, claimed, outcome, services));
    return 'finished';
  }
  const { at } = writeContext(services);
  const goesOn = outcome.kind === 'continue';
  const nextAt = outcome.nextAt ?? at;
  const slice = goesOn ? claimed.slice + 1 : claimed.slice;
  const pointer = goesOn ? outcome.pointer : undefined;
  const run = await services.database.transaction(async (tx) => {
    const next = { slice, nextAt, advanced: goesOn, pointer };
    const released = await releaseRun(tx, claimed, next, { at, newId: services.newId });
    if (released === undefined) throw new LeaseLost();
    if (goesOn) await outcome.apply?.(tx);
    return await storeSteps(tx, released, outcome.steps, { at, newId: services.newId });
  });
  // Whoever resumes a paused run sends its message.
  if (run.status !== 'paused') {
    const delaySeconds = Math.max(0, (nextAt.getTime() - at.getTime()) / 1000);
    await sendLink(services, { runId: claimed.runId, slice, pointer: run.pointer, delaySeconds });
  }
  return goesOn ? 'continued' : 'retry_later';
}

function sayEnd(services: Services, claimed: ClaimedSlice, run: RunRow): void {
  const { status, status_reason: reason, records_in: recordsIn, records_out: recordsOut } = run;
  const facts = { status, reason, recordsIn, recordsOut, errorTag: run.error_tag };
  const log = runLogger(services, claimed);
  if (status === 'failed') log.error('run failed', facts);
  else log.info('run ended', facts);
}

const storeSteps: typeof writeStepsOf = async (tx, run, steps, context) =>
  steps.length === 0 ? run : await writeStepsOf(tx, run, steps, context);

async function storeEnd(
  work: SlicedWork | undefined,
  claimed: ClaimedSlice,
  outcome: Extract<SliceOutcome, { kind: 'finished' }>,
  services: Services,
): Promise<RunRow> {
  const context = writeContext(services);
  const { result, reason, errorTag = null, doubt = null } = outcome;
  return await services.database.transaction(async (tx) => {
    const next = { slice: claimed.slice, nextAt: null, advanced: true };
    const run = await releaseRun(tx, claimed, next, context);
    if (run === undefined) throw new LeaseLost();
    await outcome.apply?.(tx);
    const ending = await storeResult(tx, run, { result, errorTag, doubt });
    await storeSteps(tx, ending, outcome.steps, context);
    const ended = await endRun(tx, claimed.runId, { reason: reason ?? doubt }, context);
    await work?.onEnd?.(ended, tx, context);
    return ended;
  });
}
