import { describe, expect, it } from 'vitest';
import { pathKeyHex } from '../../shared/domain/paths.ts';
import { continuedAt, isDueOn, RECHECK_DAYS } from './recheckProgress.ts';

const DAY_MS = 86_400_000;
const noon = (day: number) => day * DAY_MS + DAY_MS / 2;

describe('which files are read again', () => {
  it('F5 each once in thirty days, and on each day about as many', () => {
    const keys = Array.from({ length: 30_000 }, (_, number) => pathKeyHex(`d/ARGO_${String(number)}.geo`));
    const perDay = Array.from(
      { length: RECHECK_DAYS },
      (_, day) => keys.filter((key) => isDueOn(20_000 + day, key)).length,
    );
    expect(perDay.reduce((sum, files) => sum + files)).toBe(30_000);
    expect(Math.min(...perDay)).toBeGreaterThan(850);
    expect(Math.max(...perDay)).toBeLessThan(1150);
  });

  it.each([
    ['begins with today', undefined, { day: 100, after: '', today: 100 }],
    ['goes on in the day', { day: 100, after: 'd\0a' }, { day: 100, after: 'd\0a', today: 100 }],
    ['makes up for a week off', { day: 93, after: 'x' }, { day: 93, after: 'x', today: 100 }],
    ['has done today', { day: 101, after: '' }, { day: 101, after: '', today: 100 }],
    ['does not repeat a whole round', { day: 70, after: 'x' }, { day: 100, after: '', today: 100 }],
    ['B15 forgets a clock that was ahead', { day: 500, after: '' }, { day: 100, after: '', today: 100 }],
  ])('F5 %s', (_, known, expected) => {
    expect(continuedAt(known, noon(100))).toEqual(expected);
  });
});
