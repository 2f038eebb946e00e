import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addRange, clipRanges, coveredBytes, pairs, removeRange } from './ranges.ts';
import type { Ranges } from './ranges.ts';

const SIZE = 40;
const step = fc.record({
  add: fc.boolean(),
  start: fc.integer({ min: 0, max: SIZE }),
  length: fc.integer({ min: 0, max: SIZE }),
});

function bytesOf(ranges: Ranges): boolean[] {
  const bytes = Array.from({ length: 2 * SIZE }, () => false);
  for (const [from, to] of pairs(ranges)) bytes.fill(true, from, to);
  return bytes;
}

describe('written ranges', () => {
  it('L4 are at any time what a map of every byte says, sorted and apart', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const bytes = Array.from({ length: 2 * SIZE }, () => false);
        let ranges: Ranges = [];
        for (const { add, start, length } of steps) {
          ranges = (add ? addRange : removeRange)(ranges, start, start + length);
          bytes.fill(add, start, start + length);
          expect(bytesOf(ranges)).toEqual(bytes);
          expect(ranges.every((edge, index) => index === 0 || edge > (ranges[index - 1] ?? 0))).toBe(true);
          expect(coveredBytes(ranges)).toBe(bytes.filter(Boolean).length);
        }
      }),
    );
  });

  it('L4 are clipped to a window', () => {
    expect(clipRanges([0, 10, 20, 30], 5, 25)).toEqual([5, 10, 20, 25]);
    expect(clipRanges([0, 10], 10, 20)).toEqual([]);
  });
});
