import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dayOf,
  daysBetween,
  endOfTableMs,
  newestFirst,
  partitionOf,
  tableOfWeek,
  weeksBetween,
} from './weeks.ts';

const at = (text: string) => Date.parse(text);
const someDay = fc.integer({ min: at('2000-01-01T00:00:00Z'), max: at('2100-01-01T00:00:00Z') });

describe('weeks', () => {
  it.each([
    ['2026-11-16T00:00:00.000Z', 'logs20261116'],
    ['2026-11-22T23:59:59.999Z', 'logs20261116'],
    ['2026-11-23T00:00:00.000Z', 'logs20261123'],
    ['2027-01-01T12:00:00.000Z', 'logs20261228'],
  ])('F11 %s belongs to table %s', (instant, table) => {
    expect(tableOfWeek('logs', at(instant))).toBe(table);
  });

  it('S3 a table ends with the Sunday of its week, whenever in it something was filed', () => {
    fc.assert(
      fc.property(someDay, (ms) => {
        const end = endOfTableMs('logs', tableOfWeek('logs', ms)) ?? Number.NaN;
        expect(end - ms).toBeGreaterThan(0);
        expect(end - ms).toBeLessThanOrEqual(7 * 24 * 3_600_000);
        expect(new Date(end).getUTCDay()).toBe(1);
      }),
    );
  });

  it('S3 does not take another table for one of its own', () => {
    for (const name of ['logs', 'logs2026111', 'logsmore20261116', 'beats20261116'])
      expect(endOfTableMs('logs', name)).toBeUndefined();
  });

  it('F11 later sorts before earlier, as text', () => {
    fc.assert(
      fc.property(someDay, someDay, (a, b) => {
        fc.pre(a !== b);
        expect(newestFirst(a) < newestFirst(b)).toBe(a > b);
      }),
    );
  });

  it('F11 the days between two instants are all days that they touch, newest first', () => {
    const days = daysBetween(at('2026-11-20T23:59:59.999Z'), at('2026-11-22T00:00:00.000Z'));
    expect(days.map(dayOf)).toEqual(['2026-11-22', '2026-11-21', '2026-11-20']);
    expect(daysBetween(2, 1)).toEqual([0]);
    expect(partitionOf('r1', days[0] ?? 0)).toBe('r1|2026-11-22');
  });

  it('W5 the weeks between two instants are all weeks that they touch, oldest first', () => {
    const weeks = weeksBetween(at('2026-11-22T23:59:59.999Z'), at('2026-11-30T00:00:00.000Z'));
    expect(weeks.map(dayOf)).toEqual(['2026-11-16', '2026-11-23', '2026-11-30']);
    expect(weeksBetween(at('2026-11-18T12:00:00Z'), at('2026-11-18T12:00:00Z')).map(dayOf)).toEqual([
      '2026-11-16',
    ]);
  });
});
