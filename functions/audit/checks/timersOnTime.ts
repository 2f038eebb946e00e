import { ageText, type Check, type CheckStatus, verdictOf } from '../check.ts';
import type { TimerFacts } from '../facts.ts';

const statuses: Readonly<Record<TimerFacts['state'], CheckStatus>> = {
  ok: 'pass',
  never: 'pass',
  blind: 'warn',
  failing: 'fail',
  late: 'fail',
};

/** No timer is late or failing, and none examines nothing for longer than is plausible (SPEC S14). */
export const timersOnTime: Check = {
  name: 'TIMERS_ON_TIME',
  judge: ({ timers, now }) => {
    const evidence = timers.map(({ name, state, lastDueAt }) => ({
      subject: name,
      status: statuses[state],
      detail:
        lastDueAt === null ? `${state}: no tick yet` : `${state}: last tick ${ageText(lastDueAt, now)} ago`,
    }));
    return verdictOf(
      evidence,
      ({ good }) => `${String(good)} of ${String(timers.length)} timers are on time.`,
    );
  },
};
