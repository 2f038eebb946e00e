import { ageText, countText } from '../../shared/domain/age.ts';
import { type BackupRisk, backupRiskOf } from '../../shared/domain/backupAtRisk.ts';
import type { Gap } from '../../shared/domain/downtime.ts';
import { forecastPurge, type PurgeForecast } from '../../shared/domain/purgeForecast.ts';
import { type Finding, reconcileFindings } from '../alerts/index.ts';
import { readPeaks, rememberPeaks, sourceFactsOf } from '../platform/production/index.ts';
import type { Services } from '../platform/services.ts';
import { tellMeasured } from '../platform/telemetry/measurements.ts';
import type { TickReport, TimerHandler } from '../platform/timers/timer.ts';
import { isUndecided, platformDowntime } from './platformDowntime.ts';
import { type EnabledJob, readEnabledJobs } from './stores/jobs.ts';

const SOURCE = 'sweep-backup-at-risk';

/**
 * Finds jobs whose files may be deleted before they are archived (SPEC S7): by the purge forecast, and by the runbook's
 * rule. Critical, and explained by nothing else: a silent runner tells of it a second time when the files are in danger.
 * Remembers how fast instruments produce, from which the forecast is made.
 */
export const backupAtRiskTimer: TimerHandler = {
  name: SOURCE,
  schedule: '45 * * * * *',
  plausibleIdleHours: 7 * 24,
  work: sweepBackupAtRisk,
};

export async function sweepBackupAtRisk(services: Services): Promise<TickReport> {
  const { db } = services.database;
  const now = services.now();
  const jobs = await readEnabledJobs(db);
  await rememberPeaks(db, jobs.flatMap(countedOf), now);
  const peaks = await readPeaks(db, now);
  const gaps = await platformDowntime(services, now);
  const undecided = jobs.filter((job) => isUndecided(job.source_reported_at, gaps, now));
  const forecasts = jobs.map((job) => ({
    job,
    forecast: forecastPurge(sourceFactsOf(job, peaks.get(job.id)), now),
  }));
  tellForecasts(forecasts);
  const findings = forecasts
    .filter(({ job }) => !undecided.includes(job))
    .flatMap(({ job, forecast }) => findingsOf(job, forecast, { now, gaps }));
  const { opened, reopened, resolved } = await reconcileFindings(services, {
    source: SOURCE,
    findings,
    undecided: undecided.map(({ id }) => fingerprintOf(id)),
    at: now,
  });
  return { examined: jobs.length, changed: opened + reopened + resolved };
}

function tellForecasts(
  forecasts: readonly { readonly job: EnabledJob; readonly forecast: PurgeForecast }[],
): void {
  const named = ({ runner_name: runner, name: job }: EnabledJob) => ({ runner, job });
  const backlogs = forecasts.map(({ job }) => [job.backlog_count ?? 0, named(job)] as const);
  const hours = forecasts.flatMap(({ job, forecast: { hoursLeft } }) =>
    hoursLeft === null ? [] : [[hoursLeft, named(job)] as const],
  );
  tellMeasured(
    'backlog_files',
    backlogs.toSorted(([a], [b]) => b - a),
  );
  tellMeasured(
    'hours_to_loss',
    hours.toSorted(([a], [b]) => a - b),
  );
}

function countedOf(job: EnabledJob) {
  if (job.produced_peak_hour === null) return [];
  const perHour = Math.max(job.produced_peak_hour, job.produced_last_hour ?? 0);
  return [{ jobId: job.id, perHour, perDay: Math.max(perHour, job.produced_last_day ?? 0) }];
}

const fingerprintOf = (jobId: string): string => `backup-at-risk:${jobId}`;

function findingsOf(
  job: EnabledJob,
  forecast: PurgeForecast,
  { now, gaps }: { readonly now: Date; readonly gaps: readonly Gap[] },
): Finding[] {
  const { latest_status: status, latest_started_at: startedAt } = job;
  const risked = {
    kind: job.kind,
    scheduleSeconds: job.schedule_seconds,
    backlogCount: job.backlog_count,
    latestRun: status === null || startedAt === null ? null : { status, startedAt },
    lastGoodRunAt: job.last_good_at,
    createdAt: job.created_at,
  };
  const risk = backupRiskOf(risked, forecast, now, gaps);
  return risk === undefined ? [] : [findingOf(job, risk, forecast, now)];
}

function findingOf(job: EnabledJob, risk: BackupRisk, forecast: PurgeForecast, now: Date): Finding {
  const { hoursLeft } = forecast;
  return {
    organizationId: job.organization_id,
    fingerprint: fingerprintOf(job.id),
    severity: 'critical',
    class: 'operational',
    title: `Backup at risk: ${job.runner_name}, ${job.name}`,
    detail: `${whyOf(job, risk, forecast, now)} Get the archive going; raise the cap on the instrument meanwhile.`,
    runnerId: job.runner_id,
    jobId: job.id,
    causeFingerprint: null,
    runbook: 'backup-at-risk',
    facts: {
      rule: risk,
      pendingFiles: job.backlog_count,
      hoursLeft: hoursLeft === null ? null : Math.round(hoursLeft * 10) / 10,
    },
  };
}

function whyOf(job: EnabledJob, risk: BackupRisk, forecast: PurgeForecast, now: Date): string {
  if (risk === 'purge-near') return forecast.sentence;
  const since = ageText(now.getTime() - (job.last_good_at ?? job.created_at).getTime());
  const left = forecast.state === 'forecast' ? ` ${forecast.sentence}` : '';
  return `${countText(job.backlog_count ?? 0, 'file')} not archived; the latest run failed, and none was good for ${since}.${left}`;
}
