import type { JobView, RunnerView } from '../../../../shared/contract/fleet.ts';

/** A job whose instrument will delete something unarchived, and when. */
export interface NearestPurge {
  readonly runner: RunnerView;
  readonly job: JobView;
  readonly hoursLeft: number;
}

/** The nearest purge among these runners; undefined where nothing waits, or nobody knows. */
export function nearestPurge(runners: readonly RunnerView[]): NearestPurge | undefined {
  return runners
    .flatMap((runner) => runner.jobs.map((job) => ({ runner, job, hoursLeft: job.forecast.hoursLeft })))
    .filter((one): one is NearestPurge => one.hoursLeft !== null)
    .toSorted((a, b) => a.hoursLeft - b.hoursLeft)[0];
}
