import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fullAt, quotaLevel } from './quotaForecast.ts';

const now = new Date('2026-11-22T12:00:00.000Z');
const DAY = 24 * 3_600_000;
const reading = (daysAgo: number, usedBytes: number, quotaBytes: number | null = 1000) => ({
  at: new Date(now.getTime() - daysAgo * DAY),
  usedBytes,
  quotaBytes,
});

describe('fullAt', () => {
  it('S4 names the day at the growth of the readings, in any order', () => {
    const readings = [reading(0, 300), reading(2, 100), reading(1, 200)];
    expect(fullAt(readings)).toEqual(new Date(now.getTime() + 7 * DAY));
  });

  it('S4 says nothing of what shrinks, stands still, has no quota or was read for less than a day', () => {
    expect(fullAt([reading(2, 300), reading(0, 100)])).toBeNull();
    expect(fullAt([reading(2, 100), reading(0, 100)])).toBeNull();
    expect(fullAt([reading(2, 100, null), reading(0, 200, null)])).toBeNull();
    expect(fullAt([reading(0.9, 100), reading(0, 200)])).toBeNull();
    expect(fullAt([reading(0, 100)])).toBeNull();
    expect(fullAt([])).toBeNull();
  });

  it('S4 what is full already is full at its last reading', () => {
    expect(fullAt([reading(0, 1000)])).toEqual(now);
  });

  it('S4 B4 is always a moment that can be written down, whatever was read', () => {
    const any = fc.record({ daysAgo: fc.double({ min: 0, max: 14, noNaN: true }), used: fc.nat() });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 20 }), (all) => {
        const at = fullAt(all.map(({ daysAgo, used }) => reading(daysAgo, used, 2 ** 33)));
        if (at !== null) expect(at.toISOString()).toMatch(/^\d{4}-/);
      }),
    );
  });
});

describe('quotaLevel', () => {
  it.each([
    ['ok', [reading(0, 799)]],
    ['warning', [reading(0, 800)]],
    ['critical', [reading(0, 950)]],
    ['ok', [reading(10, 0), reading(0, 240)]],
    ['warning', [reading(10, 0), reading(0, 260)]],
    ['critical', [reading(10, 0), reading(0, 600)]],
    ['ok', [reading(0, 5, null)]],
    ['ok', []],
  ] as const)('S4 is %s at its bound (%#)', (level, readings) => {
    expect(quotaLevel(readings, now)).toBe(level);
  });
});
