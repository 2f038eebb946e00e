import { type TimerView, timerMarks } from '../../format/timerMarks.ts';

const order: Record<TimerView['state'], number> = { failing: 0, late: 1, blind: 2, never: 3, ok: 4 };

/** What needs a look first, then by name. */
export function byNeed(timers: readonly TimerView[]): TimerView[] {
  return timers.toSorted((a, b) => order[a.state] - order[b.state] || a.name.localeCompare(b.name));
}

/** The timers in a sentence: all well, or how many are not and how. */
export function sayTimers(timers: readonly TimerView[]): string {
  if (timers.length === 0) return 'No timer is registered: the platform does nothing by itself.';
  const unwell = timers.filter((timer) => order[timer.state] < order.never);
  if (unwell.length === 0) return `All ${timers.length} timers are on time.`;
  const states = (['failing', 'late', 'blind'] as const).flatMap((state) => {
    const count = unwell.filter((timer) => timer.state === state).length;
    return count === 0 ? [] : [`${count} ${timerMarks[state].word.toLowerCase()}`];
  });
  return `${unwell.length} of ${timers.length} timers ${unwell.length === 1 ? 'needs' : 'need'} a look: ${states.join(', ')}.`;
}
