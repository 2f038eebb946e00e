import { describe, expect, it } from 'vitest';
import { placeOf } from './spans.ts';

const within = { fromMs: 1000, toMs: 2000 };

describe('placeOf', () => {
  it('O2 a step’s bar lies where it lies in its run', () => {
    expect(placeOf({ fromMs: 1250, toMs: 1750 }, within)).toEqual({ x: 25, width: 50 });
  });

  it('O2 a step of no time is seen, also at the very end', () => {
    expect(placeOf({ fromMs: 1000, toMs: 1000 }, within)).toEqual({ x: 0, width: 0.8 });
    expect(placeOf({ fromMs: 2000, toMs: 2000 }, within)).toEqual({ x: 99.2, width: 0.8 });
  });

  it('O2 clocks that disagree, and a run of no time, draw nothing outside', () => {
    const empty = { fromMs: 1000, toMs: 1000 };
    for (const [of, all] of [
      [{ fromMs: 0, toMs: 5000 }, within],
      [{ fromMs: 1700, toMs: 1200 }, within],
      [{ fromMs: 900, toMs: 1100 }, empty],
    ] as const) {
      const { x, width } = placeOf(of, all);
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(100);
      expect(width).toBeGreaterThan(0);
    }
  });
});
