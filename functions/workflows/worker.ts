import { endRun, type StepWrite, writeContext, writeStep } from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import type { SliceMessage } from '../platform/queues/sliceQueue.ts';
import { ShareError } from '../platform/storage/shares.ts';
import {
  LeaseLost,
  PermanentSliceError,
  type SliceContext,
  type SliceOutcome,
  type SlicedWork,
} from './slice.ts';
import {
  advanceSlice,
  type ClaimedSlice,
  claimSlice,
  endSlices,
  extendLease,
  readCursor,
  releaseSlice,
} from './store.ts';

/** A slice that failed this often fails its run. */
export const MAX_SLICE_ATTEMPTS = 5;

/** Of a `Retry-After`, no more than this is believed. */
const MAX_ASKED_DELAY_SECONDS = 900;

/** The step under which a sliced run keeps its cursor and shows its figures. */
export const SLICES_STEP = 'slices';

export type SliceVerdict = 'stale' | 'continued' | 'finished' | 'lease_lost' | 'retry_later' | 'failed';

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
  const claimed = await claimSlice(services.database.db, message, leaseMs);
  if (claimed === undefined) return 'stale';
  const log = services.log.child({ runId: claimed.runId, slice: claimed.slice, syncType: claimed.syncType });
  try {
    const outcome = await runClaimedSlice(registry, claimed, services);
    return await storeOutcome(claimed, outcome, services);
  } catch (error) {
    if (error instanceof LeaseLost) {
      log.warn('slice was taken over or its run was ended; its result is not stored');
      return 'lease_lost';
    }
    log.error('slice failed', { error });
    return await storeFailure(claimed, error, services);
  }
}

async function runClaimedSlice(
  registry: readonly SlicedWork[],
  claimed: ClaimedSlice,
  services: Services,
): Promise<SliceOutcome> {
  const work = registry.find((candidate) => candidate.syncType === claimed.syncType);
  if (work === undefined)
    throw new PermanentSliceError(`No work is registered for sync type ${claimed.syncType}`);
  if (claimed.attempts > MAX_SLICE_ATTEMPTS) {
    throw new PermanentSliceError(
      `Slice ${String(claimed.slice)} was interrupted ${String(MAX_SLICE_ATTEMPTS)} times`,
    );
  }
  const { db } = services.database;
  const context: SliceContext = {
    run: { ...claimed, cursor: await readCursor(db, claimed.runId, claimed.syncType, SLICES_STEP) },
    services,
    deadline: new Date(services.now().getTime() + services.settings.SLICE_BUDGET_SECONDS * 1000),
    extendLease: leaseExtender(claimed, services),
  };
  return await work.runSlice(context);
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
  claimed: ClaimedSlice,
  outcome: SliceOutcome,
  services: Services,
): Promise<SliceVerdict> {
  const { recordsIn, recordsOut, result } = outcome.progress;
  const step = { step: SLICES_STEP, kind: 'work', recordsIn, recordsOut, result } as const;
  const context = writeContext(services);
  if (outcome.kind === 'continue') {
    await services.database.transaction(async (tx) => {
      if (!(await advanceSlice(tx, claimed, context.at))) throw new LeaseLost();
      await outcome.apply(tx);
      await writeStep(tx, claimed.runId, { ...step, status: 'running', cursor: outcome.cursor }, context);
    });
    await sendHint(services, { runId: claimed.runId, slice: claimed.slice + 1 });
    return 'continued';
  }
  const last: StepWrite = {
    ...step,
    status: outcome.status,
    error: outcome.status === 'failed' ? outcome.reason : null,
  };
  await services.database.transaction(async (tx) => {
    if (!(await endSlices(tx, claimed, outcome.result))) throw new LeaseLost();
    await outcome.apply(tx);
    await writeStep(tx, claimed.runId, last, context);
    await endRun(tx, claimed.runId, { reason: outcome.reason }, context);
  });
  return 'finished';
}

async function storeFailure(
  claimed: ClaimedSlice,
  error: unknown,
  services: Services,
): Promise<SliceVerdict> {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof PermanentSliceError || claimed.attempts >= MAX_SLICE_ATTEMPTS) {
    return await failRun(claimed, reason, services);
  }
  const context = writeContext(services);
  const delaySeconds = retryDelaySeconds(error, claimed.attempts);
  const nextAt = new Date(context.at.getTime() + delaySeconds * 1000);
  const kept = await services.database.transaction(async (tx) => {
    if (!(await releaseSlice(tx, claimed, nextAt, context.at))) return false;
    await writeStep(
      tx,
      claimed.runId,
      { step: SLICES_STEP, kind: 'work', status: 'running', error: reason },
      context,
    );
    return true;
  });
  if (!kept) return 'lease_lost';
  await sendHint(services, { runId: claimed.runId, slice: claimed.slice }, delaySeconds);
  return 'retry_later';
}

/** 4 s, 16 s, 1 min, 4 min: an outage of some minutes fails no run. What the other side asks for is waited for. */
function retryDelaySeconds(error: unknown, attempts: number): number {
  const askedMs = error instanceof ShareError ? (error.retryAfterMs ?? 0) : 0;
  return Math.max(4 ** attempts, Math.min(Math.ceil(askedMs / 1000), MAX_ASKED_DELAY_SECONDS));
}

async function failRun(claimed: ClaimedSlice, reason: string, services: Services): Promise<SliceVerdict> {
  const context = writeContext(services);
  return await services.database.transaction(async (tx) => {
    if (!(await endSlices(tx, claimed, { error: reason }))) return 'lease_lost';
    await writeStep(
      tx,
      claimed.runId,
      { step: SLICES_STEP, kind: 'work', status: 'failed', error: reason },
      context,
    );
    await endRun(tx, claimed.runId, { reason }, context);
    return 'failed';
  });
}

/** A hint that cannot be sent is only logged: the slice stands in the database and the dispatch sweeper sends again. */
export async function sendHint(services: Services, message: SliceMessage, delaySeconds = 0): Promise<void> {
  try {
    await services.slices.send(message, delaySeconds);
  } catch (error) {
    services.log.warn('slice message could not be sent; the dispatch sweeper will', { ...message, error });
  }
}
