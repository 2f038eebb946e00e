import { describe, expect, it } from 'vitest';
import type { RunnerView } from '../../../../shared/contract/fleet.ts';
import { nearestPurge } from './nearestPurge.ts';

const runner = (name: string, ...hoursLeft: Array<number | null>) =>
  ({ name, jobs: hoursLeft.map((hours) => ({ forecast: { hoursLeft: hours } })) }) as unknown as RunnerView;

describe('nearestPurge()', () => {
  it('F14 is the job with the fewest hours left, over all instruments', () => {
    const found = nearestPurge([runner('A', 40, null), runner('B', 50, 31), runner('C')]);
    expect(found).toMatchObject({ runner: { name: 'B' }, hoursLeft: 31 });
  });

  it('F14 a purge that is going on is the nearest of all, not none', () => {
    expect(nearestPurge([runner('A', 5), runner('B', 0)])?.runner.name).toBe('B');
  });

  it('F14 there is none where nothing waits or nobody knows', () => {
    expect(nearestPurge([runner('A', null), runner('B')])).toBeUndefined();
  });
});
