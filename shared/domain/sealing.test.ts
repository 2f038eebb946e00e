import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayOfFolder } from './dateFolder.ts';
import { dayIn } from './localDay.ts';
import { isProofDue, isSealedByItself, sealWaitsFor } from './sealing.ts';

const HOUR_MS = 3_600_000;
const zones = [...Intl.supportedValuesOf('timeZone'), 'UTC', 'Asia/Kathmandu', 'Australia/Lord_Howe'];
const instants = fc.date({
  min: new Date('2020-01-01T00:00:00Z'),
  max: new Date('2035-12-31T00:00:00Z'),
  noInvalidDate: true,
});

const offsetFormats = new Map<string, Intl.DateTimeFormat>();
function offsetFormatOf(timeZone: string): Intl.DateTimeFormat {
  const known = offsetFormats.get(timeZone);
  const format = known ?? new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  offsetFormats.set(timeZone, format);
  return format;
}

/** The day by another way: the zone's distance from UTC at that instant, added. */
function dayByOffset(timeZone: string, instant: Date): string {
  const named = offsetFormatOf(timeZone).format(instant);
  const [, sign = '+', hours = '0', minutes = '0', seconds = '0'] =
    /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(named) ?? [];
  const offsetMs = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  const local = instant.getTime() + (sign === '-' ? -offsetMs : offsetMs);
  return new Date(local).toISOString().slice(0, 10);
}

describe('dayOfFolder', () => {
  it('F8 knows a day by the last component, or the last three, and folders below it', () => {
    const days = {
      '2026-04-13': '2026-04-13',
      '20260413': '2026-04-13',
      '2026_04_13': '2026-04-13',
      '2026.04.13': '2026-04-13',
      '2026/04/13': '2026-04-13',
      'ARGO1/2026/04/13': '2026-04-13',
      'ARGO1/2026-04-13/raw': '2026-04-13',
      '2026-04-13/2026-04-14': '2026-04-14',
      '2024-02-29': '2024-02-29',
    };
    for (const [folder, day] of Object.entries(days))
      expect([folder, dayOfFolder(folder)]).toEqual([folder, day]);
  });

  it('F8 takes nothing else for a day', () => {
    const others = [
      ...['', 'raw', '2026', '2026/04', '2026-04', '2026-13-01', '2026-02-29', '20260431', '12345678'],
      ...['2026-04_13', 'x2026-04-13', '2026-04-13x', '2026/4/13', '26-04-13', '2026/04/1300', '00000000'],
    ];
    for (const folder of others) expect([folder, dayOfFolder(folder)]).toEqual([folder, undefined]);
  });

  it('F8 knows every day of the calendar in each form, and none beside', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom('-', '_', '.', '', '/'), (at, separator) => {
        const day = at.toISOString().slice(0, 10);
        expect(dayOfFolder(day.replaceAll('-', separator))).toBe(day);
      }),
    );
  });
});

describe('dayIn', () => {
  it('B4 F8 says the day of every zone from 2020 to 2035, through daylight saving and half hours', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, (timeZone, instant) => {
        expect(dayIn(timeZone)(instant)).toBe(dayByOffset(timeZone, instant));
      }),
      { numRuns: 1500 },
    );
  });

  it('B4 F8 agrees on every half hour of a year where a day has 23, 23½, 24½ or 25 hours', () => {
    for (const timeZone of ['Australia/Lord_Howe', 'America/Asuncion', 'Africa/Cairo', 'Asia/Beirut']) {
      const day = dayIn(timeZone);
      for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += HOUR_MS / 2) {
        const instant = new Date(at);
        if (day(instant) !== dayByOffset(timeZone, instant))
          expect.fail(`${timeZone} ${instant.toISOString()}`);
      }
    }
  });

  it('F8 takes an unknown zone for the one where days end last', () => {
    const [unknown, last] = [dayIn('Mars/Olympus'), dayIn('Etc/GMT+12')];
    fc.assert(
      fc.property(instants, (instant) => {
        expect(unknown(instant)).toBe(last(instant));
      }),
    );
  });
});

describe('sealWaitsFor', () => {
  const at = (hours: number) => new Date(Date.UTC(2026, 3, 10) + hours * HOUR_MS);
  const facts = { folder: '2026-04-09', digest: 'd', changedAt: at(0), provedAt: at(24) };

  it('F8 allows a folder that a run begun 24 h after the last change found complete', () => {
    expect(sealWaitsFor(facts, 'UTC', at(25))).toBeNull();
    expect(sealWaitsFor({ ...facts, provedAt: at(23.99) }, 'UTC', at(25))).toContain('a run, begun after');
    expect(sealWaitsFor({ ...facts, provedAt: null }, 'UTC', at(25))).toBe('a run that finds it complete');
    expect(sealWaitsFor({ ...facts, digest: null }, 'UTC', at(25))).toBe('a run that finds it complete');
    expect(sealWaitsFor(facts, 'UTC', at(23))).toContain('24 hours');
  });

  it('B4 F8 never allows a day that is not over at the instrument, and always one that is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        instants,
        fc.integer({ min: -3, max: 3 }),
        (timeZone, now, shift) => {
          const folder = new Date(now.getTime() + shift * 24 * HOUR_MS).toISOString().slice(0, 10);
          const old = new Date(now.getTime() - 100 * HOUR_MS);
          const proved = { folder, digest: 'd', changedAt: old, provedAt: now };
          const isOver = folder < dayByOffset(timeZone, now);
          expect(sealWaitsFor(proved, timeZone, now)).toEqual(
            isOver ? null : expect.stringContaining('the end of its day'),
          );
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('F8 only date folders of geometry jobs are sealed by themselves', () => {
    expect(isSealedByItself({ kind: 'geometry' }, '2026-04-09')).toBe(true);
    expect(isSealedByItself({ kind: 'tree' }, '2026-04-09')).toBe(false);
    expect(isSealedByItself({ kind: 'geometry' }, 'calibration')).toBe(false);
  });
});

describe('isProofDue', () => {
  const at = (hours: number) => new Date(Date.UTC(2026, 3, 10) + hours * HOUR_MS);

  it('P2 F8 a folder that is found complete every five minutes is written at most twice a day, and sealable at once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 240 }),
        fc.integer({ min: 1, max: 96 }),
        (minutes, changeHour) => {
          let provedAt: Date | null = null;
          let writes = 0;
          const changedAt = at(changeHour);
          const hours = 240;
          let sealableAfter: number | undefined;
          for (let hour = changeHour; hour < changeHour + hours; hour += minutes / 60) {
            if (isProofDue({ changedAt, provedAt }, at(hour))) {
              provedAt = at(hour);
              writes += 1;
            }
            const wait = sealWaitsFor(
              { folder: '2026-04-01', digest: 'd', changedAt, provedAt },
              'UTC',
              at(hour),
            );
            if (wait === null) sealableAfter ??= hour - changeHour;
          }
          expect(writes).toBeLessThanOrEqual(2 + hours / 20);
          expect(sealableAfter).toBeLessThan(24 + minutes / 60 + 0.01);
        },
      ),
      { numRuns: 20 },
    );
  });
});
