import { type Check, verdictOf } from '../check.ts';

/** Every runner with a heartbeat in the look-back said in it which jobs were active. */
export const statusHeartbeatRich: Check = {
  name: 'STATUS_HEARTBEAT_RICH',
  judge: ({ runners, now, lookBackHours }) => {
    const since = now.getTime() - lookBackHours * 3_600_000;
    const heard = runners.filter(
      ({ lastHeartbeatAt }) => lastHeartbeatAt !== null && lastHeartbeatAt.getTime() >= since,
    );
    const evidence = heard.map((runner) => ({
      subject: runner.name,
      status: runner.activeJobs === null ? ('fail' as const) : ('pass' as const),
      detail: runner.activeJobs === null ? 'no active_jobs' : `${String(runner.activeJobs)} active jobs`,
    }));
    return verdictOf(
      evidence,
      ({ good }) => `${String(good)} of ${String(heard.length)} heartbeats carry active_jobs.`,
    );
  },
};
