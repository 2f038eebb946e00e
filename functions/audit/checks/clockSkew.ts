import { isClockWrong, REFUSED_CLOCK_OFFSET_MS } from '../../../shared/domain/clockOffset.ts';
import { type Check, type CheckStatus, verdictOf } from '../check.ts';

/** The clocks of agents that were heard of lately are right: warned of from 5 min on, failed where Azure refuses them. */
export const clockSkew: Check = {
  name: 'CLOCK_SKEW',
  judge: ({ runners, now, lookBackHours }) => {
    const since = now.getTime() - lookBackHours * 3_600_000;
    const heard = runners.flatMap(({ name, lastHeartbeatAt, clockOffsetMs }) =>
      clockOffsetMs !== null && lastHeartbeatAt !== null && lastHeartbeatAt.getTime() >= since
        ? [{ name, clockOffsetMs }]
        : [],
    );
    const evidence = heard.map(({ name, clockOffsetMs }) => ({
      subject: name,
      status: statusOf(clockOffsetMs),
      detail: `${String(Math.round(Math.abs(clockOffsetMs) / 1000))} s ${clockOffsetMs < 0 ? 'behind' : 'ahead'}`,
    }));
    return verdictOf(evidence, ({ good }) => `${String(good)} of ${String(heard.length)} clocks are right.`);
  },
};

function statusOf(offsetMs: number): CheckStatus {
  if (Math.abs(offsetMs) >= REFUSED_CLOCK_OFFSET_MS) return 'fail';
  return isClockWrong(offsetMs) ? 'warn' : 'pass';
}
