import type { Services } from '../platform/services.ts';
import type { TickReport, TimerHandler } from '../platform/timers/timer.ts';
import { canaryTimer } from './canary.ts';
import { deliverDue } from './deliver.ts';
import { settleOwed } from './owed.ts';
import { NOTIFICATIONS_TIMER } from './situation.ts';

/** Every minute; its ticks are also the record from which an outage of the platform itself is read. */
const notificationsTimer: TimerHandler = {
  name: NOTIFICATIONS_TIMER,
  schedule: '15 * * * * *',
  work: sweepNotifications,
};

export const alertTimers: readonly TimerHandler[] = [notificationsTimer, canaryTimer];

/** Tells what is owed, then sends what is due. */
export async function sweepNotifications(services: Services): Promise<TickReport> {
  const settled = await settleOwed(services);
  const sent = await deliverDue(services);
  return { examined: settled.examined + sent.examined, changed: settled.changed + sent.changed };
}
