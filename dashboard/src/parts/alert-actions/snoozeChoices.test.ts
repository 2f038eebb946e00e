import { describe, expect, it } from 'vitest';
import { snoozeChoices } from './snoozeChoices.ts';

describe('snoozeChoices()', () => {
  it('S8 the morning is the next one, before and after eight', () => {
    const night = new Date(2026, 3, 13, 2, 30).getTime();
    const noon = new Date(2026, 3, 13, 12, 0).getTime();
    const morningOf = (nowMs: number) => new Date(snoozeChoices(nowMs)[2]?.until ?? '');
    expect(morningOf(night)).toEqual(new Date(2026, 3, 13, 8));
    expect(morningOf(noon)).toEqual(new Date(2026, 3, 14, 8));
  });

  it('S8 every choice lies ahead, within what a day allows', () => {
    const now = new Date(2026, 3, 13, 8, 0).getTime();
    for (const { until } of snoozeChoices(now)) {
      expect(Date.parse(until)).toBeGreaterThan(now);
      expect(Date.parse(until)).toBeLessThanOrEqual(now + 25 * 3_600_000);
    }
  });
});
