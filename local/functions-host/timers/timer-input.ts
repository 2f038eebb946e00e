import type { RpcTypedData } from '../core-api.ts';
import type { TimerTick } from './timer-listener.ts';

/** What Azure says where a timer has not run yet. */
const neverRun = '0001-01-01T00:00:00.000Z';

/** The timer object a function is called with: `scheduleStatus.next` is the due time that this run serves. */
export function toTimerInput({ isPastDue, status }: TimerTick): RpcTypedData {
  const isoTime = (ms: number | undefined): string =>
    ms === undefined ? neverRun : new Date(ms).toISOString();
  return {
    json: JSON.stringify({
      schedule: { adjustForDST: true },
      scheduleStatus:
        status === undefined
          ? null
          : {
              last: isoTime(status.lastMs),
              next: isoTime(status.nextMs),
              lastUpdated: isoTime(status.updatedMs),
            },
      isPastDue,
    }),
  };
}
