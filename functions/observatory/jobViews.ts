import { z } from 'zod';
import type { JobView } from '../../shared/contract/fleet.ts';
import { assessJob, type JobState } from '../../shared/domain/jobRisk.ts';
import { forecastPurge, type PurgeForecast } from '../../shared/domain/purgeForecast.ts';
import { readPeaks, type SeenPeak, sourceFactsOf } from '../platform/production/index.ts';
import type { Services } from '../platform/services.ts';
import { archivedTotals } from './archivedTotals.ts';
import { forecastViewOf } from './forecast/forecastView.ts';
import { runSummaryOf, type RunSummaryRow } from '../platform/runs/index.ts';
import { instantOf } from './runViews.ts';
import { type Archived, type JobRow, readJobRows, readLastGood, readLatestRuns } from './store/jobs.ts';
import type { AlertRow } from './store/runners.ts';
import type { Scope } from './store/scope.ts';

/** Jobs by runner, as pages show them. */
export type JobsByRunner = ReadonlyMap<string, readonly JobView[]>;

interface JobHistory {
  readonly latestRun: RunSummaryRow | undefined;
  readonly lastGoodRunAt: Date | undefined;
  readonly archived: Archived | undefined;
  readonly peak: SeenPeak | undefined;
  /** Files that the open data-loss alert counts. */
  readonly lostFiles: number;
}

/** All jobs in scope with their risk, in five statements however many there are. */
export async function readJobViews(
  services: Services,
  scope: Scope,
  alerts: readonly AlertRow[],
  now: Date,
): Promise<JobsByRunner> {
  const { db } = services.database;
  const [rows, latestRuns, lastGood, archived, peaks] = await Promise.all([
    readJobRows(db, scope),
    readLatestRuns(db, scope),
    readLastGood(db, scope),
    archivedTotals(services)(scope),
    readPeaks(db, now, scope),
  ]);
  const views = new Map<string, JobView[]>();
  for (const row of rows) {
    const history: JobHistory = {
      latestRun: latestRuns.get(row.id),
      lastGoodRunAt: lastGood.get(row.id),
      archived: archived.get(row.id),
      peak: peaks.get(row.id),
      lostFiles: lostFilesOf(row.id, alerts),
    };
    const view = jobViewOf(row, history, now);
    const others = views.get(row.runner_id);
    if (others === undefined) views.set(row.runner_id, [view]);
    else others.push(view);
  }
  return views;
}

export function isLossOf(jobId: string, alert: AlertRow): boolean {
  return alert.class === 'data_loss' && alert.job_id === jobId;
}

function lostFilesOf(jobId: string, alerts: readonly AlertRow[]): number {
  return alerts.filter((alert) => isLossOf(jobId, alert)).reduce((sum, alert) => sum + alert.seen_count, 0);
}

const globs = z.array(z.string());

function jobViewOf(row: JobRow, history: JobHistory, now: Date): JobView {
  const forecast = forecastPurge(sourceFactsOf(row, history.peak), now);
  return {
    jobId: row.id,
    name: row.name,
    kind: row.kind,
    sourcePath: row.source_path,
    shareName: row.share_name,
    sharePath: row.share_path,
    scheduleSeconds: row.schedule_seconds,
    include: globs.parse(row.include_json),
    exclude: globs.parse(row.exclude_json),
    enabled: row.enabled,
    pausedReason: row.paused_reason,
    sourceCap: row.source_cap,
    sourceCount: row.source_count,
    sourceBytes: row.source_bytes,
    backlogCount: row.backlog_count,
    backlogBytes: row.backlog_bytes,
    oldestUnsyncedAt: row.oldest_unsynced_ms === null ? null : instantOf(row.oldest_unsynced_ms),
    sourceReportedAt: row.source_reported_at?.toISOString() ?? null,
    archivedCount: history.archived?.files ?? 0,
    archivedBytes: history.archived?.bytes ?? 0,
    lastRun: history.latestRun === undefined ? null : runSummaryOf(history.latestRun),
    lastGoodRunAt: history.lastGoodRunAt?.toISOString() ?? null,
    forecast: forecastViewOf(forecast),
    risk: assessJob(jobStateOf(row, history, forecast), now),
  };
}

function jobStateOf(row: JobRow, history: JobHistory, forecast: PurgeForecast): JobState {
  const { latestRun } = history;
  return {
    enabled: row.enabled,
    pausedReason: row.paused_reason,
    scheduleSeconds: row.schedule_seconds,
    createdAt: row.created_at,
    sourceCount: row.source_count,
    sourceCap: row.source_cap,
    backlogCount: row.backlog_count,
    oldestUnsyncedAt: row.oldest_unsynced_ms === null ? null : new Date(row.oldest_unsynced_ms),
    latestRun: latestRun === undefined ? null : { status: latestRun.status, startedAt: latestRun.started_at },
    lastGoodRunAt: history.lastGoodRunAt ?? null,
    forecast,
    lostFiles: history.lostFiles,
  };
}
