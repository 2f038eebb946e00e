import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTimerSchedule } from './timer-schedule.ts';

function dueTimes(text: string, timeZone: string, after: string, count: number): string[] {
  const schedule = parseTimerSchedule(text, timeZone);
  const times: string[] = [];
  for (let at = Date.parse(after); times.length < count;) {
    at = schedule.next(at);
    times.push(new Date(at).toISOString().replace('.000Z', 'Z'));
  }
  return times;
}

describe('L3 NCRONTAB', () => {
  it.each([
    ['0 */5 * * * *', '2026-04-13T02:01:00Z', ['2026-04-13T02:05:00Z', '2026-04-13T02:10:00Z']],
    ['*/5 * * * *', '2026-04-13T02:01:00Z', ['2026-04-13T02:05:00Z', '2026-04-13T02:10:00Z']],
    ['30 0 2 * * *', '2026-04-13T02:01:00Z', ['2026-04-14T02:00:30Z', '2026-04-15T02:00:30Z']],
    ['0 0 9 * * Mon-Fri', '2026-04-17T10:00:00Z', ['2026-04-20T09:00:00Z', '2026-04-21T09:00:00Z']],
    ['0 0 9 1 January,Jul *', '2026-04-17T10:00:00Z', ['2026-07-01T09:00:00Z', '2027-01-01T09:00:00Z']],
    [
      '0 20/20 9 * * *',
      '2026-04-17T10:00:00Z',
      ['2026-04-18T09:20:00Z', '2026-04-18T09:40:00Z', '2026-04-19T09:20:00Z'],
    ],
    // Day and day of week must both fit, unlike in cron: Fridays that are a 13th.
    [
      '0 0 0 13 * 5',
      '2026-01-01T00:00:00Z',
      ['2026-02-13T00:00:00Z', '2026-03-13T00:00:00Z', '2026-11-13T00:00:00Z'],
    ],
    ['0 0 0 29 2 *', '2026-01-01T00:00:00Z', ['2028-02-29T00:00:00Z', '2032-02-29T00:00:00Z']],
  ])('%s', (text, after, expected) => {
    expect(dueTimes(text, 'UTC', after, expected.length)).toEqual(expected);
  });

  it.each([
    ['00:05:00', 'a time span works on some hosting plans only'],
    ['0 0 0 0 * * *', 'it has 7 fields'],
    ['* * * *', 'it has 4 fields'],
    ['0 60 * * * *', "'60' is no minute; wanted is 0 to 59"],
    ['0 0 0 * * 7', "'7' is no day of week"],
    ['0 0 0 L * *', "'L' is no day"],
    ['0 0 0 ? * *', "'?' is no day"],
    ['0 0 0 * * 5#2', "'5#2' is no day of week"],
    ['@daily x x x x', "'@daily' is no minute"],
    ['0 0 0 30 2 *', 'it never falls due'],
  ])('refuses %s', (text, reason) => {
    expect(() => parseTimerSchedule(text, 'UTC')).toThrow(reason);
  });

  it('refuses a time zone that there is not', () => {
    expect(() => parseTimerSchedule('0 0 0 * * *', 'Mars/Olympus')).toThrow('Mars/Olympus');
  });
});

describe('L3 B4 daylight saving', () => {
  it('a fixed time in the gap falls at its end, one in the overlap at its first pass', () => {
    expect(dueTimes('0 30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', 2)).toEqual([
      '2026-03-29T01:00:00Z',
      '2026-03-30T00:30:00Z',
    ]);
    expect(dueTimes('0 30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2)).toEqual([
      '2026-10-25T00:30:00Z',
      '2026-10-26T01:30:00Z',
    ]);
  });

  it('fixed times in a list fall once each in an overlap', () => {
    expect(dueTimes('0 0,30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', 3)).toEqual([
      '2026-10-25T00:00:00Z',
      '2026-10-25T00:30:00Z',
      '2026-10-26T01:00:00Z',
    ]);
  });

  it('quarters of an hour go on through gap and overlap, in zones of half-hour shifts too', () => {
    for (const zone of ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca']) {
      const schedule = parseTimerSchedule('0 */15 * * * *', zone);
      for (const day of [
        '2026-03-08',
        '2026-03-29',
        '2026-04-04',
        '2026-10-03',
        '2026-10-25',
        '2026-11-01',
      ]) {
        const start = Date.parse(`${day}T00:00:00Z`) - 86_400_000;
        for (let at = start; at < start + 3 * 86_400_000;) {
          const next = schedule.next(at);
          expect(next - at, `${zone} after ${new Date(at).toISOString()}`).toBe(900_000);
          at = next;
        }
      }
    }
  });

  it('a fixed time falls exactly once on each day of the calendar, in any zone, 2020 to 2035', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    const oneYear = fc.record({
      zone: fc.constantFrom(...zones),
      year: fc.integer({ min: 2020, max: 2035 }),
      // In Greenland the hour from 23:00 is left out in spring: what is due in it falls on the next day of the calendar.
      hour: fc.integer({ min: 0, max: 22 }),
      minute: fc.integer({ min: 0, max: 59 }),
    });
    fc.assert(
      fc.property(oneYear, ({ zone, year, hour, minute }) => {
        const schedule = parseTimerSchedule(`0 ${minute} ${hour} * * *`, zone);
        const dayOf = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' });
        const days: string[] = [];
        for (let at = Date.UTC(year, 0, 2), end = Date.UTC(year, 11, 30); at < end;) {
          at = schedule.next(at);
          days.push(dayOf.format(at));
        }
        const expected: string[] = [];
        for (
          let day = Date.parse(`${days[0] ?? ''}T00:00:00Z`);
          expected.length < days.length;
          day += 86_400_000
        ) {
          expected.push(new Date(day).toISOString().slice(0, 10));
        }
        expect(days).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});
