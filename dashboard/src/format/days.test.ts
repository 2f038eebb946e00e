import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOfDay, startOfDay } from './days.ts';

describe('days', () => {
  it('O3 a day runs from its local midnight to the millisecond before the next', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(2020, 0, 1), max: new Date(2035, 0, 1), noInvalidDate: true }),
        (date) => {
          const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()]
            .map((part) => String(part).padStart(2, '0'))
            .join('-');
          const from = Date.parse(startOfDay(day) ?? '');
          const to = Date.parse(endOfDay(day) ?? '');
          expect(new Date(from).getHours()).toBe(0);
          expect(from).toBeLessThanOrEqual(date.getTime());
          expect(to).toBeGreaterThanOrEqual(date.getTime());
          expect(new Date(to + 1).getHours()).toBe(0);
        },
      ),
    );
  });

  it.each(['', 'yesterday', '2026-13-01', '2026-00-10', '2026-4-1'])('O3 %s is no day', (text) => {
    expect(startOfDay(text)).toBeUndefined();
    expect(endOfDay(text)).toBeUndefined();
  });
});
