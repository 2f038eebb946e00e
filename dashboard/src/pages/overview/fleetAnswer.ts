import type { ResponseOf } from '../../../../shared/contract/endpoint.ts';
import type { fleet, RunnerView, RunSummary } from '../../../../shared/contract/fleet.ts';

export type FleetAnswer = ResponseOf<typeof fleet>;

/** The sums over a runner's jobs; null where no agent has reported yet. */
export interface RunnerTotals {
  readonly backlogCount: number | null;
  readonly backlogBytes: number;
  readonly archivedCount: number;
  readonly archivedBytes: number;
  readonly lastRun: RunSummary | null;
}

export function totalsOf(runner: RunnerView): RunnerTotals {
  const reported = runner.jobs.filter((job) => job.backlogCount !== null);
  const lastRuns = runner.jobs.map((job) => job.lastRun).filter((run) => run !== null);
  return {
    backlogCount: reported.length === 0 ? null : sum(reported.map((job) => job.backlogCount ?? 0)),
    backlogBytes: sum(reported.map((job) => job.backlogBytes ?? 0)),
    archivedCount: sum(runner.jobs.map((job) => job.archivedCount)),
    archivedBytes: sum(runner.jobs.map((job) => job.archivedBytes)),
    lastRun: lastRuns.reduce<RunSummary | null>(newer, null),
  };
}

function newer(best: RunSummary | null, run: RunSummary): RunSummary {
  return best === null || Date.parse(run.startedAt) > Date.parse(best.startedAt) ? run : best;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
