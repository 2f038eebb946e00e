import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { volumeVerdict } from './volumeFall.ts';

const total = fc.nat({ max: 1_000_000 });

describe('volumeVerdict', () => {
  it('O6 B30 a fall beyond the threshold is not believed, and the threshold itself is', () => {
    const of = (live: number) => volumeVerdict({ previous: 100, live, maxFallPercent: 20 }).verdict;
    expect([of(100), of(80), of(79), of(0), of(1000)]).toEqual(['ok', 'ok', 'stopped', 'stopped', 'ok']);
    expect(volumeVerdict({ previous: 100, live: 0, maxFallPercent: 20 }).detail).toBe(
      '0 where there were 100: a fall of 100 %, more than the 20 % that are believed',
    );
  });

  it('O6 of the first count, and of a register that was empty, nothing is too little', () => {
    expect(volumeVerdict({ previous: null, live: 0, maxFallPercent: 20 }).verdict).toBe('first');
    expect(volumeVerdict({ previous: 0, live: 0, maxFallPercent: 0 }).verdict).toBe('ok');
  });

  it('O6 what is believed of a smaller total is believed of every larger one', () => {
    fc.assert(
      fc.property(total, total, total, fc.integer({ min: 0, max: 100 }), (previous, a, b, maxFallPercent) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        const of = (live: number) => volumeVerdict({ previous, live, maxFallPercent }).verdict;
        expect(of(less) === 'ok' && of(more) !== 'ok').toBe(false);
      }),
    );
  });
});
