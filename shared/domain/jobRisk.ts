import { ageText, countText } from './age.ts';
import { isBackupAtRisk, type RiskedJob } from './backupAtRisk.ts';
import type { PurgeForecast } from './purgeForecast.ts';
import { attention, danger, type Risk, safe } from './risk.ts';

/** What is known of a job; what is not known is null and never guessed. */
export interface JobState extends RiskedJob {
  readonly enabled: boolean;
  readonly pausedReason: string | null;
  readonly sourceCount: number | null;
  readonly sourceCap: number | null;
  readonly oldestUnsyncedAt: Date | null;
  readonly forecast: Pick<PurgeForecast, 'state' | 'isAtRisk' | 'sentence'>;
  /** Files of the open data-loss alert. */
  readonly lostFiles: number;
}

type Rule = (job: JobState, now: Date) => Risk | undefined;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** A job is late when nothing was good for two cycles; with short cycles, for this long. */
const LEAST_PATIENCE_MS = 15 * MINUTE_MS;

/** The first rule that speaks decides; the last one always does. */
const rules: readonly Rule[] = [
  lost,
  disabled,
  paused,
  failing,
  aboutToBeDeleted,
  late,
  old,
  lastRunFailed,
  unheard,
];

/** Whether the files of a job are at risk, why, and what to do. */
export function assessJob(job: JobState, now: Date): Risk {
  for (const rule of rules) {
    const risk = rule(job, now);
    if (risk !== undefined) return risk;
  }
  const backlog = job.backlogCount ?? 0;
  if (backlog > 0) return safe(`${waiting(job)} for the next run.`);
  // Not "all are archived": a file whose name no share can hold is on the source, and waits for nothing.
  if (job.sourceCount === null) return safe('Nothing waits to be archived.');
  return safe(`Nothing waits to be archived; ${countText(job.sourceCount, 'file')} on the source.`);
}

function lost({ lostFiles }: JobState): Risk | undefined {
  if (lostFiles === 0) return undefined;
  const were = lostFiles === 1 ? 'was' : 'were';
  return danger(
    `${countText(lostFiles, 'file')} ${were} deleted from the source before being archived.`,
    'Look for copies on the instrument, then find out why the archive was behind.',
  );
}

function disabled({ enabled }: JobState): Risk | undefined {
  if (enabled) return undefined;
  return attention('Disabled: nothing of this job is archived.', 'Enable the job if its files matter.');
}

function paused(job: JobState): Risk | undefined {
  if (job.pausedReason === null) return undefined;
  const act = 'Look at the source; when it is right, resume the job.';
  if (!hasBacklog(job)) return attention(`Paused: ${job.pausedReason}`, act);
  return danger(
    `Paused with ${countText(job.backlogCount ?? 0, 'file')} not archived: ${job.pausedReason}`,
    act,
  );
}

function failing(job: JobState, now: Date): Risk | undefined {
  if (!isBackupAtRisk(job, now)) return undefined;
  const since = job.lastGoodRunAt ?? job.createdAt;
  return danger(
    `${waiting(job)}; the latest run failed, and none was good for ${ageText(now.getTime() - since.getTime())}.`,
    'Open the latest run: it says what failed and what to do.',
  );
}

/** The instrument caps its files and deletes the oldest for each new one: by the forecast, or by less where there is none. */
function aboutToBeDeleted(job: JobState, now: Date): Risk | undefined {
  const { forecast } = job;
  if (forecast.state === 'unknown') return aboutToBeDeletedUnforeseen(job, now);
  if (!forecast.isAtRisk) return undefined;
  return danger(
    forecast.sentence,
    'Get the archive going at once; raise the cap on the instrument meanwhile.',
  );
}

/** Older agents do not say what a forecast needs. */
function aboutToBeDeletedUnforeseen(job: JobState, now: Date): Risk | undefined {
  const { sourceCap: cap, sourceCount: count } = job;
  if (cap === null || count === null || count < cap || !hasBacklog(job)) return undefined;
  const full = `The source is full (${count.toLocaleString('en-US')} of ${cap.toLocaleString('en-US')} files) and deletes its oldest`;
  if ((job.backlogCount ?? 0) >= count) {
    return danger(
      `${full}; none of them is archived.`,
      'Get the archive going at once; raise the cap on the instrument meanwhile.',
    );
  }
  if (!isLate(job, now)) return undefined;
  return danger(
    `${full}; ${waiting(job).toLowerCase()}.`,
    'Get the archive going; raise the cap on the instrument meanwhile.',
  );
}

function late(job: JobState, now: Date): Risk | undefined {
  if (!hasBacklog(job) || !isLate(job, now)) return undefined;
  const good =
    job.lastGoodRunAt === null
      ? 'no run was good yet'
      : `the last good run was ${ageText(now.getTime() - job.lastGoodRunAt.getTime())} ago`;
  return attention(`${waiting(job)}; ${good}.`, 'Sync now; if nothing happens, look at the agent’s log.');
}

/** Runs are good and yet something old stays behind: locked, or a name that changes. */
function old(job: JobState, now: Date): Risk | undefined {
  if (!hasBacklog(job) || job.oldestUnsyncedAt === null || job.lastGoodRunAt === null) return undefined;
  const ageMs = now.getTime() - job.oldestUnsyncedAt.getTime();
  if (ageMs < DAY_MS || job.latestRun?.status === 'running') return undefined;
  return attention(
    `${waiting(job)}, the oldest for ${ageText(ageMs)}, though runs are good.`,
    'Open the latest run and look at its skipped and failed files.',
  );
}

function lastRunFailed(job: JobState): Risk | undefined {
  if (job.latestRun?.status !== 'failed') return undefined;
  return attention(
    hasBacklog(job)
      ? `The latest run failed; ${waiting(job).toLowerCase()}.`
      : 'The latest run failed; nothing waits.',
    'Open the latest run: it says what failed and what to do.',
  );
}

function unheard(job: JobState): Risk | undefined {
  if (job.latestRun !== null) return undefined;
  return attention('No run yet.', 'Wait for the first cycle, or sync now.');
}

function isLate(job: JobState, now: Date): boolean {
  const patienceMs = Math.max(LEAST_PATIENCE_MS, 2 * job.scheduleSeconds * 1000);
  return now.getTime() - (job.lastGoodRunAt ?? job.createdAt).getTime() > patienceMs;
}

function hasBacklog(job: JobState): boolean {
  return (job.backlogCount ?? 0) > 0;
}

function waiting(job: JobState): string {
  const backlog = job.backlogCount ?? 0;
  return `${countText(backlog, 'file')} ${backlog === 1 ? 'waits' : 'wait'}`;
}
