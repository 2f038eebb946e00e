import { expect, it } from 'vitest';
import { RANGE_BYTES, rangeBuffers } from './rangeBuffers.ts';

it('P1 P3 so many ranges are in memory and no more, whoever waits, and their memory is used again', async () => {
  const buffers = rangeBuffers(2);
  const first = await buffers.take(RANGE_BYTES);
  await buffers.take(RANGE_BYTES);
  const order: string[] = [];
  const third = buffers.take(RANGE_BYTES).then((buffer) => {
    order.push('third');
    return buffer;
  });
  const fourth = buffers.take(100_000).then(() => order.push('fourth'));
  // Small ones are no matter.
  expect((await buffers.take(1000)).length).toBe(1000);
  expect(order).toEqual([]);
  buffers.give(RANGE_BYTES, first);
  expect((await third) === first).toBe(true);
  expect(order).toEqual(['third']);
  // One that an unfinished request may still hold is not used again, but its room is.
  buffers.give(RANGE_BYTES);
  await fourth;
  buffers.give(100_000);
  expect((await buffers.take(RANGE_BYTES)) === first).toBe(false);
});
