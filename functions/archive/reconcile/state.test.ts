import { describe, expect, it } from 'vitest';
import { addTotals, looksEmptied, noTotals } from './state.ts';

describe('looksEmptied', () => {
  it.each([
    [0, 0, false],
    [0, 1, true],
    [4, 10, true],
    [5, 10, false],
    [20, 10, false],
  ])('F9 B30 %i whole files against %i rows: %s', (whole, rows, emptied) => {
    expect(looksEmptied({ ...noTotals, whole }, rows)).toBe(emptied);
  });
});

it('F9 totals add up, figure by figure', () => {
  const once = addTotals(noTotals, { transactions: 2, whole: 5 });
  expect(addTotals(once, { transactions: 1 })).toEqual({ ...noTotals, transactions: 3, whole: 5 });
});
