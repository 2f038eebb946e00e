/** What the rule needs of a job. */
export interface RiskedJob {
  readonly scheduleSeconds: number;
  readonly backlogCount: number | null;
  /** The newest run, superseded ones left out. */
  readonly latestRun: { readonly status: string; readonly startedAt: Date } | null;
  readonly lastGoodRunAt: Date | null;
  readonly createdAt: Date;
}

const bad: ReadonlySet<string> = new Set(['failed', 'stale', 'terminated']);

/**
 * The runbook's rule (SPEC S7): the latest run failed, a real backlog is left, and nothing has been good for over one
 * full schedule cycle. Idle-safe: a job without backlog is never at risk, however long it is quiet.
 */
export function isBackupAtRisk(job: RiskedJob, now: Date): boolean {
  if (job.latestRun === null || !bad.has(job.latestRun.status)) return false;
  if ((job.backlogCount ?? 0) === 0) return false;
  const since = job.lastGoodRunAt ?? job.createdAt;
  return now.getTime() - since.getTime() > job.scheduleSeconds * 1000;
}
