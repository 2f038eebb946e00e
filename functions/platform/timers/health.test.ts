import { describe, expect, it } from 'vitest';
import { nextDueAt, type PlatformFacts, type TickFacts, timerState } from './health.ts';

const now = new Date('2026-11-22T12:00:30.000Z');
const minutesAgo = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000);
const minutely = { schedule: '0 * * * * *' };
const daily = { schedule: '0 30 5 * * *' };
const ticks: TickFacts = {
  lastDueAt: minutesAgo(0.5),
  lastStartedAt: minutesAgo(0.5),
  lastFinishedAt: minutesAgo(0.5),
  lastError: null,
  lastExaminedAt: minutesAgo(0.5),
  firstDueAt: minutesAgo(90_000),
  failuresInRow: 0,
};
const none: TickFacts = {
  lastDueAt: null,
  lastStartedAt: null,
  lastFinishedAt: null,
  lastError: null,
  lastExaminedAt: null,
  firstDueAt: null,
  failuresInRow: 0,
};
const platform: PlatformFacts = {
  since: minutesAgo(90_000),
  startedAt: minutesAgo(9000),
  downtime: [],
  hasRunners: true,
};
const stateOf = (
  timer: { schedule: string; plausibleIdleHours?: number },
  more: Partial<TickFacts> = {},
  facts: Partial<PlatformFacts> = {},
) => timerState(timer, { ...ticks, ...more }, { ...platform, ...facts }, now);

describe('timerState', () => {
  it('S14 B2 is late when an occurrence passed without a tick, three minutes after it', () => {
    expect(stateOf(minutely, { lastDueAt: minutesAgo(3.5) })).toBe('ok');
    expect(stateOf(minutely, { lastDueAt: minutesAgo(4.5) })).toBe('late');
    expect(stateOf(daily, { lastDueAt: new Date('2026-11-22T05:30:00Z') })).toBe('ok');
    expect(stateOf(daily, { lastDueAt: new Date('2026-11-21T05:30:00Z') })).toBe('late');
  });

  it('S14 B42 is not late for what fell due while the platform was down', () => {
    const downtime = [{ from: minutesAgo(200), to: minutesAgo(2) }];
    expect(stateOf(minutely, { lastDueAt: minutesAgo(200.5) }, { downtime })).toBe('ok');
    expect(stateOf(minutely, { lastDueAt: minutesAgo(200.5) })).toBe('late');
  });

  it('S14 without any tick it is new, until an occurrence of this process’s time has passed', () => {
    expect(timerState(daily, none, { ...platform, startedAt: minutesAgo(60) }, now)).toBe('never');
    expect(timerState(daily, none, { ...platform, since: null }, now)).toBe('never');
    expect(timerState(daily, none, platform, now)).toBe('late');
  });

  it('S14 B31 fails by three errors in a row where one comes every few minutes, by one where a day lies between', () => {
    expect(stateOf(minutely, { failuresInRow: 2 })).toBe('ok');
    expect(stateOf(minutely, { failuresInRow: 3 })).toBe('failing');
    const today = { lastDueAt: new Date('2026-11-22T05:30:00Z') };
    expect(stateOf(daily, { ...today, failuresInRow: 1 })).toBe('failing');
  });

  it('S14 B12 a tick that never ended is a failure', () => {
    const hung = { lastStartedAt: minutesAgo(16), lastFinishedAt: null };
    expect(stateOf(minutely, hung)).toBe('failing');
    expect(stateOf(minutely, { ...hung, lastStartedAt: minutesAgo(14) })).toBe('ok');
  });

  it('B8 is blind when it examined nothing for longer than it declares plausible, downtime left out', () => {
    const watcher = { ...minutely, plausibleIdleHours: 24 };
    expect(stateOf(watcher, { lastExaminedAt: minutesAgo(23 * 60) })).toBe('ok');
    expect(stateOf(watcher, { lastExaminedAt: minutesAgo(25 * 60) })).toBe('blind');
    expect(stateOf(watcher, { lastExaminedAt: null })).toBe('blind');
    expect(stateOf(minutely, { lastExaminedAt: null })).toBe('ok');
    expect(stateOf(watcher, { lastExaminedAt: null }, { hasRunners: false })).toBe('ok');
    const downtime = [{ from: minutesAgo(10 * 60), to: minutesAgo(5 * 60) }];
    expect(stateOf(watcher, { lastExaminedAt: minutesAgo(25 * 60) }, { downtime })).toBe('ok');
  });

  it('B4 counts in UTC', () => {
    expect(nextDueAt('0 30 5 * * *', now)).toEqual(new Date('2026-11-23T05:30:00.000Z'));
  });
});
