import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addChunk, type CompareTally, readTally, tallySums } from './compareTally.ts';

it('F4 B32 counts a repeated request once, however the requests are mixed', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 20 }), { maxLength: 60 }), (order) => {
      let tally: CompareTally = readTally(null);
      for (const chunk of order)
        tally = addChunk(tally, `chunk ${String(chunk)}`, { examined: chunk + 1, needed: chunk });
      const sums = { examined: 0, needed: 0 };
      for (const chunk of new Set(order)) {
        sums.examined += chunk + 1;
        sums.needed += chunk;
      }
      expect(tallySums(tally)).toEqual(sums);
    }),
  );
});

it('F4 B29 stays bounded over any number of requests, and loses no figure', () => {
  let tally = readTally(undefined);
  for (let chunk = 0; chunk < 5000; chunk += 1)
    tally = addChunk(tally, `chunk ${String(chunk)}`, { examined: 2, needed: 1 });
  expect(Object.keys(tally.chunks).length).toBeLessThanOrEqual(1000);
  expect(tallySums(tally)).toEqual({ examined: 10_000, needed: 5000 });
});
