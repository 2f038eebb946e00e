import type { TimerHandler } from '../platform/timers/timer.ts';
import { dispatchOverdueSlices } from '../workflows/index.ts';

export const DISPATCH_TIMER = 'sweep-dispatch';

/** Every minute; from its ticks and others' the platform's own downtime is read. */
export const dispatchTimer: TimerHandler = {
  name: DISPATCH_TIMER,
  schedule: '0 * * * * *',
  work: dispatchOverdueSlices,
};
