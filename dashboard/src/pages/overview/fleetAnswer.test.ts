import { describe, expect, it } from 'vitest';
import type { JobView, RunnerView, RunSummary } from '../../../../shared/contract/fleet.ts';
import { totalsOf } from './fleetAnswer.ts';

const job = (part: Partial<JobView>) =>
  ({
    backlogCount: null,
    backlogBytes: null,
    archivedCount: 0,
    archivedBytes: 0,
    lastRun: null,
    ...part,
  }) as JobView;
const runnerWith = (...jobs: JobView[]) => ({ jobs }) as unknown as RunnerView;
const run = (startedAt: string) => ({ runId: startedAt, startedAt }) as RunSummary;

describe('totalsOf', () => {
  it('L5 a backlog that nobody reported is unknown, not nothing', () => {
    expect(totalsOf(runnerWith()).backlogCount).toBeNull();
    expect(totalsOf(runnerWith(job({}))).backlogCount).toBeNull();
    expect(totalsOf(runnerWith(job({}), job({ backlogCount: 0 }))).backlogCount).toBe(0);
  });

  it('L5 adds up jobs and takes the run that began last', () => {
    const older = run('2026-04-13T02:00:00.000Z');
    const newer = run('2026-04-13T03:00:00.000Z');
    const totals = totalsOf(
      runnerWith(
        job({ backlogCount: 2, backlogBytes: 10, archivedCount: 5, archivedBytes: 50, lastRun: newer }),
        job({ backlogCount: 1, backlogBytes: 20, archivedCount: 7, archivedBytes: 70, lastRun: older }),
      ),
    );
    expect(totals).toEqual({
      backlogCount: 3,
      backlogBytes: 30,
      archivedCount: 12,
      archivedBytes: 120,
      lastRun: newer,
    });
  });
});
