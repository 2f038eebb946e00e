import type { JobView, RunnerView } from '../../shared/contract/fleet.ts';
import type { SeededJob, SeededRunner } from '../../shared/contract/seeding.ts';

/** What there is, as a seed file would say it: what a rebuild has to know, and nothing of how things stand. */
export function seedFileOf(runners: readonly RunnerView[]): { runners: SeededRunner[] } {
  return {
    runners: runners.map(({ runnerId, name, group, jobs }) => {
      const [first] = jobs;
      return {
        runnerId,
        name,
        group,
        ...(first === undefined ? {} : { shareName: first.shareName }),
        jobs: jobs.map(jobOf),
      };
    }),
  };
}

function jobOf(job: JobView): SeededJob {
  const { name, kind, sourcePath, sharePath, scheduleSeconds, include, exclude, sourceCap, enabled } = job;
  return { name, kind, sourcePath, sharePath, scheduleSeconds, include, exclude, sourceCap, enabled };
}
