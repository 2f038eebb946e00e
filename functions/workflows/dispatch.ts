import type { TickReport } from '../platform/timers/timer.ts';
import type { Services } from '../platform/services.ts';
import { SLICE_QUEUE_NAME } from '../platform/queues/sliceQueue.ts';
import { tellMeasured } from '../platform/telemetry/measurements.ts';
import { mendChain, sendLink } from './chain.ts';
import { type OverdueSlice, overdueSlices } from './store.ts';

/** How long a slice may be due before its message counts as lost. */
export const DISPATCH_GRACE_MS = 30_000;
const MAX_PER_TICK = 500;
/** With the send that is under way at its end a tick is over before the next one. */
const BUDGET_MS = 40_000;

/**
 * Sends again the messages of slices that are overdue, so that a lost, expired or poisoned message loses nothing. What a tick has
 * no time for goes with the next; while the queue is away one attempt is enough, as each may take its whole timeout.
 */
export async function dispatchOverdueSlices(services: Services): Promise<TickReport> {
  const now = services.now();
  const overdue = await overdueSlices(services.database.db, now, DISPATCH_GRACE_MS, MAX_PER_TICK);
  tellAge(overdue, now);
  if (overdue.length === 0) return { examined: 0, changed: 0 };
  const queueAnswers = await answers(services);
  let changed = 0;
  for (const slice of overdue) {
    if (services.now().getTime() - now.getTime() > BUDGET_MS) break;
    if (await dispatchOne(services, slice, queueAnswers)) changed += 1;
    else if (!queueAnswers && !slice.isBroken) break;
  }
  return { examined: overdue.length, changed };
}

function tellAge([oldest]: readonly OverdueSlice[], now: Date): void {
  const ageMs = oldest === undefined ? 0 : now.getTime() - oldest.dueAt.getTime();
  tellMeasured('queue_age_seconds', [[ageMs / 1000, { queue: SLICE_QUEUE_NAME }]]);
}

async function answers(services: Services): Promise<boolean> {
  try {
    await services.slices.ping();
    return true;
  } catch (error) {
    services.log.warn('the slice queue does not answer', { error });
    return false;
  }
}

/** One bad row never stops the loop. A broken chain is mended before the message is sent: whoever takes it needs a live run. */
async function dispatchOne(services: Services, slice: OverdueSlice, queueAnswers: boolean): Promise<boolean> {
  const { runId, pointer, isBroken } = slice;
  if (isBroken && !queueAnswers) return false;
  try {
    if (isBroken && (await mendChain(services, runId)).status !== 'running') return false;
    return await sendLink(services, { runId, slice: slice.slice, pointer });
  } catch (error) {
    services.log.error('a slice could not be dispatched', { runId, error });
    return false;
  }
}
