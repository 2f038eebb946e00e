import { ageText, type Check, verdictOf } from '../check.ts';

/** No run counts as running without a sign of life for longer than the sweeper allows; it sweeps every five minutes. */
export const noStaleOrphans: Check = {
  name: 'NO_STALE_ORPHANS',
  judge: ({ silentRuns, closedAsStale, now }) => {
    const evidence = silentRuns.map((run) => ({
      subject: run.runId,
      status: 'fail' as const,
      detail: `no sign of life for ${ageText(run.lastActivityAt, now)}, and not closed`,
    }));
    const verdict = verdictOf(
      evidence,
      ({ bad }) => `${String(bad)} runs hang; ${String(closedAsStale)} were closed as stale lately.`,
    );
    return verdict.status === 'pass' && closedAsStale > 0 ? { ...verdict, status: 'warn' } : verdict;
  },
};
