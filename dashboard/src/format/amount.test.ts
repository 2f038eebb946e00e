import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentOf, sayAmount, sayCount, saySize } from './amount.ts';

describe('saySize', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 KB'],
    [20_992, '20.5 KB'],
    [4 * 1024 * 1024, '4 MB'],
    [Number.MAX_SAFE_INTEGER, '8 PB'],
  ])('L5 says %i bytes as %s', (sizeBytes, words) => expect(saySize(sizeBytes)).toBe(words));

  it('L5 takes at most three figures and a unit, for any size', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (sizeBytes) => /^\d{1,3}(\.\d)? [KMGTP]?B$/.test(saySize(sizeBytes))),
    );
  });
});

describe('sayCount', () => {
  it('L5 groups thousands and nothing else', () => {
    expect(sayCount(0)).toBe('0');
    expect(sayCount(999)).toBe('999');
    expect(sayCount(1_234_567)).toBe('1,234,567');
    fc.assert(fc.property(fc.maxSafeNat(), (count) => Number(sayCount(count).replaceAll(',', '')) === count));
  });

  it('L5 says one file and two files', () => {
    expect(sayAmount(1, 'file')).toBe('1 file');
    expect(sayAmount(0, 'file')).toBe('0 files');
    expect(sayAmount(2, 'entry', 'entries')).toBe('2 entries');
  });
});

describe('percentOf', () => {
  it('L5 stays between 0 and 100, also of nothing and beyond the cap', () => {
    expect(percentOf(5, 0)).toBe(0);
    expect(percentOf(1200, 1000)).toBe(100);
    expect(percentOf(-1, 1000)).toBe(0);
    expect(percentOf(250, 1000)).toBe(25);
  });
});
