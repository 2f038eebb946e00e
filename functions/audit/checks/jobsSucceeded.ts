import { type Check, type CheckStatus, verdictOf } from '../check.ts';
import type { JobFacts } from '../facts.ts';

const good: ReadonlySet<string> = new Set(['complete', 'partial', 'running']);

/** The latest run of every enabled job is complete, partial or running. */
export const jobsSucceeded: Check = {
  name: 'JOBS_SUCCEEDED',
  judge: ({ jobs }) => {
    const evidence = jobs.map((job) => ({ subject: `${job.runnerName}/${job.name}`, ...judgeJob(job) }));
    return verdictOf(
      evidence,
      (counts) => `${String(counts.good)} of ${String(jobs.length)} latest runs are good.`,
    );
  },
};

function judgeJob(job: JobFacts): { status: CheckStatus; detail: string } {
  const run = job.latestRun;
  if (run === null) return { status: 'warn', detail: 'no run yet' };
  return { status: good.has(run.status) ? 'pass' : 'fail', detail: `${run.status} (${run.runId})` };
}
