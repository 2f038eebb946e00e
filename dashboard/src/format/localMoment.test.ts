import { describe, expect, it } from 'vitest';
import { fromLocalMoment, toLocalMoment } from './localMoment.ts';

describe('local moments', () => {
  it('L5 a field shows this machine’s clock and gives the same instant back', () => {
    const instant = new Date(2026, 3, 13, 4, 5).toISOString();
    expect(toLocalMoment(instant)).toBe('2026-04-13T04:05');
    expect(fromLocalMoment('2026-04-13T04:05')).toBe(instant);
  });

  it('L5 nothing, nonsense and half a date are empty', () => {
    expect(toLocalMoment(undefined)).toBe('');
    expect(toLocalMoment('soon')).toBe('');
    expect(fromLocalMoment('')).toBe('');
    expect(fromLocalMoment('2026-04')).not.toBe('2026-04');
    expect(fromLocalMoment('20x6')).toBe('');
  });
});
