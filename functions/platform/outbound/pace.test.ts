import { expect, it } from 'vitest';
import { createPace } from './pace.ts';

it('W7 requests are spaced evenly, and a pause earns no burst', async () => {
  let nowMs = 5000;
  const waits: number[] = [];
  const clock = {
    nowMs: () => nowMs,
    wait: async (ms: number) => {
      waits.push(ms);
    },
  };
  const pace = createPace(100, clock);
  await Promise.all([pace(), pace(), pace()]);
  expect(waits).toEqual([10, 20]);
  nowMs += 60_000;
  await Promise.all([pace(), pace(), pace()]);
  expect(waits).toEqual([10, 20, 10, 20]);
});
