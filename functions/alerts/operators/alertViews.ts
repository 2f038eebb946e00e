import type { AlertSummary } from '../../../shared/contract/alerts.ts';
import type { Db } from '../../platform/database/index.ts';

/** What a summary needs, with the names of runner and job and how many alerts it explains. */
export function selectSummaries(db: Db) {
  return db
    .selectFrom('alerts')
    .leftJoin('runners', 'runners.id', 'alerts.runner_id')
    .leftJoin('jobs', 'jobs.id', 'alerts.job_id')
    .select((eb) => [
      'alerts.id',
      'alerts.organization_id',
      'alerts.fingerprint',
      'alerts.source',
      'alerts.severity',
      'alerts.class',
      'alerts.title',
      'alerts.detail',
      'alerts.status',
      'alerts.seen_count',
      'alerts.reopened_count',
      'alerts.runner_id',
      'runners.name as runner_name',
      'alerts.job_id',
      'jobs.name as job_name',
      'alerts.cause_alert_id',
      'alerts.runbook',
      'alerts.opened_at',
      'alerts.last_seen_at',
      'alerts.acknowledged_at',
      'alerts.acknowledged_by',
      'alerts.snoozed_until',
      'alerts.resolved_at',
      'alerts.resolved_reason',
      eb
        .selectFrom('alerts as effect')
        .select((inner) => inner.fn.countAll<number>().as('effects'))
        .whereRef('effect.cause_alert_id', '=', 'alerts.id')
        .as('effects'),
    ]);
}

export type SummaryRow = Awaited<ReturnType<ReturnType<typeof selectSummaries>['execute']>>[number];

export function summaryOf(row: SummaryRow): AlertSummary {
  return {
    alertId: row.id,
    fingerprint: row.fingerprint,
    source: row.source,
    severity: row.severity,
    class: row.class as AlertSummary['class'],
    title: row.title,
    detail: row.detail,
    status: row.status,
    count: row.seen_count,
    reopenedCount: row.reopened_count ?? 0,
    runnerId: row.runner_id,
    runnerName: row.runner_name,
    jobId: row.job_id,
    jobName: row.job_name,
    causeAlertId: row.cause_alert_id,
    effects: row.effects ?? 0,
    runbook: row.runbook,
    openedAt: row.opened_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
    acknowledgedBy: row.acknowledged_by,
    snoozedUntil: row.snoozed_until?.toISOString() ?? null,
    resolvedAt: row.resolved_at?.toISOString() ?? null,
    resolvedReason: row.resolved_reason,
  };
}

/** What a pipeline's secret may read of an alert of class `security`: that there is one. */
export function withoutSecurityDetail(summary: AlertSummary): AlertSummary {
  if (summary.class !== 'security') return summary;
  const nothing = { runnerId: null, runnerName: null, jobId: null, jobName: null, runbook: null };
  return { ...summary, ...nothing, fingerprint: summary.alertId, title: 'A security alert', detail: '' };
}
