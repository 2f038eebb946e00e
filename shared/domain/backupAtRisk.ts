import { type Gap, silenceMs } from './downtime.ts';
import type { PurgeForecast } from './purgeForecast.ts';

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
 * full schedule cycle, the platform's own downtime left out. Idle-safe: a job without backlog is never at risk, however
 * long it is quiet.
 */
export function isBackupAtRisk(job: RiskedJob, now: Date, gaps: readonly Gap[] = []): boolean {
  if (job.latestRun === null || !bad.has(job.latestRun.status)) return false;
  if ((job.backlogCount ?? 0) === 0) return false;
  const since = job.lastGoodRunAt ?? job.createdAt;
  return silenceMs(since, now, gaps) > job.scheduleSeconds * 1000;
}

/** Why a backup is at risk: the runbook's rule, which is made for geometry jobs, or for any job the purge that comes near. */
export type BackupRisk = 'purge-near' | 'no-good-run';

export function backupRiskOf(
  job: RiskedJob & { readonly kind: 'geometry' | 'tree' },
  forecast: PurgeForecast,
  now: Date,
  gaps: readonly Gap[] = [],
): BackupRisk | undefined {
  if (forecast.isAtRisk) return 'purge-near';
  return job.kind === 'geometry' && isBackupAtRisk(job, now, gaps) ? 'no-good-run' : undefined;
}
