import type { TickReport } from '../platform/timers/timer.ts';
import type { Services } from '../platform/services.ts';
import { overdueSlices } from './store.ts';
import { sendHint } from './worker.ts';

/** How long a slice may be due before its message counts as lost. */
export const DISPATCH_GRACE_MS = 30_000;
const MAX_PER_TICK = 500;

/** Sends again the messages of slices that are overdue, so that a lost, expired or poisoned message loses nothing. */
export async function dispatchOverdueSlices(services: Services): Promise<TickReport> {
  const overdue = await overdueSlices(services.database.db, services.now(), DISPATCH_GRACE_MS, MAX_PER_TICK);
  for (const message of overdue) await sendHint(services, message);
  return { examined: overdue.length, changed: overdue.length };
}
