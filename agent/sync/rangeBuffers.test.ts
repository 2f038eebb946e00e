import { expect, it } from 'vitest';
import { RANGE_BYTES, rangeBuffers } from './rangeBuffers.ts';

it('P1 P3 so many bytes are in memory and no more, whoever waits, and the memory of ranges is used again', async () => {
  const buffers = rangeBuffers(2 * RANGE_BYTES);
  const first = await buffers.take(RANGE_BYTES);
  await buffers.take(RANGE_BYTES - 1000);
  expect((await buffers.take(1000)).length).toBe(1000);
  const order: string[] = [];
  const third = buffers.take(RANGE_BYTES).then((buffer) => {
    order.push('third');
    return buffer;
  });
  // It would fit at once, and does not overtake who came first.
  const fourth = buffers.take(10).then(() => order.push('fourth'));
  buffers.give(1000);
  await new Promise((resolve) => void setImmediate(resolve));
  expect(order).toEqual([]);
  buffers.give(RANGE_BYTES, first);
  expect((await third) === first).toBe(true);
  await fourth;
  expect(order).toEqual(['third', 'fourth']);
  // One that an unfinished request may still hold is not used again, but its room is.
  buffers.give(RANGE_BYTES);
  expect((await buffers.take(RANGE_BYTES)) === first).toBe(false);
});
