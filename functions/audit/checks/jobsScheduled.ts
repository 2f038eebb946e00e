import { ageText, type Check, type CheckStatus, verdictOf } from '../check.ts';
import type { JobFacts } from '../facts.ts';

/** Schedules of seconds would make one slow cycle a failure: no job is late before this. */
const LEAST_TOLERANCE_MS = 5 * 60_000;

/** Every enabled job ran within twice its schedule; an idle scan is a run, so a quiet job passes and a dead one fails. */
export const jobsScheduled: Check = {
  name: 'JOBS_SCHEDULED',
  judge: ({ jobs, now }) => {
    const evidence = jobs.map((job) => ({ subject: `${job.runnerName}/${job.name}`, ...judgeJob(job, now) }));
    return verdictOf(
      evidence,
      ({ good }) => `${String(good)} of ${String(jobs.length)} jobs ran within twice their schedule.`,
    );
  },
};

function judgeJob(job: JobFacts, now: Date): { status: CheckStatus; detail: string } {
  if (job.pausedReason !== null) return { status: 'warn', detail: `paused: ${job.pausedReason}` };
  const toleranceMs = Math.max(2 * job.scheduleSeconds * 1000, LEAST_TOLERANCE_MS);
  const last = job.latestRun;
  const seenAt = last === null ? job.createdAt : (last.endedAt ?? last.lastActivityAt);
  const isLate = now.getTime() - seenAt.getTime() > toleranceMs;
  const what = last === null ? 'no run yet, made' : 'last run';
  return {
    status: isLate ? 'fail' : 'pass',
    detail: `${what} ${ageText(seenAt, now)} ago, every ${String(job.scheduleSeconds)} s`,
  };
}
