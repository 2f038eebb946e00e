import { describe, expect, it } from 'vitest';
import type { TimerView } from '../../format/timerMarks.ts';
import { byNeed, sayTimers } from './timerWords.ts';

const timer = (name: string, state: TimerView['state']): TimerView => ({
  name,
  state,
  schedule: '0 */5 * * * *',
  lastDueAt: null,
  lastStartedAt: null,
  lastFinishedAt: null,
  examined: null,
  changed: null,
  error: null,
  nextDueAt: '2026-04-13T02:00:00.000Z',
  ticks: 0,
  failed: 0,
});

describe('timers in words', () => {
  it('S13 says that all are well, or how many are not and how', () => {
    expect(sayTimers([timer('a', 'ok'), timer('b', 'never')])).toBe('All 2 timers are on time.');
    expect(sayTimers([timer('a', 'ok'), timer('b', 'late')])).toBe('1 of 2 timers needs a look: 1 late.');
    expect(sayTimers([timer('a', 'failing'), timer('b', 'late'), timer('c', 'late')])).toBe(
      '3 of 3 timers need a look: 1 failing, 2 late.',
    );
    expect(sayTimers([])).toContain('nothing by itself');
  });

  it('S13 puts what needs a look first', () => {
    const names = byNeed([timer('z', 'ok'), timer('b', 'blind'), timer('a', 'ok'), timer('c', 'failing')]);
    expect(names.map(({ name }) => name)).toEqual(['c', 'b', 'a', 'z']);
  });
});
