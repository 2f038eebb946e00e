import { type RunRow, type StepWrite, tellRunEnd } from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import type { SliceMessage } from '../platform/queues/sliceQueue.ts';
import { sendLink } from './chain.ts';
import { FATAL } from './failureSteps.ts';
import { type HeldSlice, holdSlice, storeWithin, storing } from './heldSlice.ts';
import { MAX_SLICE_ATTEMPTS } from './retryPolicy.ts';
import { runLogger } from './runLog.ts';
import { LeaseLost, type SliceContext, type SlicedWork, type SliceOutcome } from './slice.ts';
import { type ClaimedSlice, claimSlice, extendLease, releaseRun } from './store.ts';

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
  const held = holdSlice(claimed, services);
  try {
    const outcome = await runHeldSlice(registry, held);
    return await storeOutcome(workOf(registry, claimed), held, outcome);
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error;
    const said = 'slice was taken over or its run was ended; its result is not stored';
    runLogger(services, claimed).warn(said, { slice: claimed.slice });
    return 'lease_lost';
  }
}

async function runHeldSlice(registry: readonly SlicedWork[], held: HeldSlice): Promise<SliceOutcome> {
  const { claimed, services } = held;
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
    commit: (write) => storeWithin(held, write, true),
    show: (steps) => storeWithin(held, steps, false),
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

async function storeOutcome(
  work: SlicedWork | undefined,
  held: HeldSlice,
  outcome: SliceOutcome,
): Promise<SliceVerdict> {
  const { claimed, services } = held;
  if (outcome.kind === 'finished') {
    sayEnd(services, claimed, await storeEnd(work, held, outcome));
    return 'finished';
  }
  const now = services.now();
  const goesOn = outcome.kind === 'continue';
  const nextAt = outcome.nextAt ?? now;
  const slice = goesOn ? claimed.slice + 1 : claimed.slice;
  const pointer = goesOn ? outcome.pointer : undefined;
  const run = await storing(held, async (tx, context) => {
    const released = await releaseRun(tx, claimed, { slice, nextAt, advanced: goesOn, pointer }, context);
    if (released === undefined) throw new LeaseLost();
    if (goesOn) await outcome.apply?.(tx);
    return { run: released, steps: outcome.steps };
  });
  // Whoever resumes a paused run sends its message.
  if (run.status !== 'paused') {
    const delaySeconds = Math.max(0, (nextAt.getTime() - now.getTime()) / 1000);
    await sendLink(services, { runId: claimed.runId, slice, pointer: run.pointer, delaySeconds });
  }
  return goesOn ? 'continued' : 'retry_later';
}

function sayEnd(services: Services, claimed: ClaimedSlice, run: RunRow): void {
  const { status, status_reason: reason, records_in: recordsIn, records_out: recordsOut } = run;
  const facts = { status, reason, recordsIn, recordsOut, errorTag: run.error_tag };
  tellRunEnd(run, services.now());
  const log = runLogger(services, claimed);
  if (status === 'failed') log.error('run failed', facts);
  else log.info('run ended', facts);
}

async function storeEnd(
  work: SlicedWork | undefined,
  held: HeldSlice,
  outcome: Extract<SliceOutcome, { kind: 'finished' }>,
): Promise<RunRow> {
  const { claimed } = held;
  const { result, errorTag = null, doubt = null } = outcome;
  const end = { result, errorTag, doubt, reason: outcome.reason ?? doubt };
  return await storing(
    held,
    async (tx, context) => {
      const next = { slice: claimed.slice, nextAt: null, advanced: true, end };
      const run = await releaseRun(tx, claimed, next, context);
      if (run === undefined) throw new LeaseLost();
      await outcome.apply?.(tx);
      return { run, steps: outcome.steps };
    },
    async (ended, tx, context) => work?.onEnd?.(ended, tx, context),
  );
}
