import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moneyText, smallestUnits } from './money.ts';

describe('smallestUnits', () => {
  it.each([
    [12.34, 'AUD', 1234],
    [1.1, 'usd', 110],
    [500, 'JPY', 500],
    [1.234, 'KWD', 1234],
    [-3.5, 'EUR', -350],
  ])('W7 %d %s', (amount, currency, expected) => {
    expect(smallestUnits(amount, currency)).toBe(expected);
  });

  it('W7 gives back what any whole number of cents was written from', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e10, max: 1e10 }), (cents) => {
        expect(smallestUnits(Number((cents / 100).toFixed(2)), 'AUD')).toBe(cents === 0 ? 0 : cents);
      }),
    );
  });
});

it('W7 money is written with the places of its currency', () => {
  expect([moneyText(1234, 'aud'), moneyText(500, 'JPY'), moneyText(1234, 'KWD')]).toEqual([
    '12.34 AUD',
    '500 JPY',
    '1.234 KWD',
  ]);
});
