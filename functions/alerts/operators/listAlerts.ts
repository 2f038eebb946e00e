import type { alerts } from '../../../shared/contract/alerts.ts';
import type { QueryOf, ResponseOf } from '../../../shared/contract/endpoint.ts';
import { page } from '../../platform/database/index.ts';
import type { Services } from '../../platform/services.ts';
import { selectSummaries, summaryOf, withoutSecurityDetail } from './alertViews.ts';

const PAGE_ROWS = 100;

/** One page of alerts, the unresolved first, each newest first. Throws BadCursorError. */
export async function listAlerts(
  services: Services,
  organizationId: string | null,
  query: QueryOf<typeof alerts>,
): Promise<ResponseOf<typeof alerts>> {
  const { db } = services.database;
  const { status, severity, runnerId, jobId, causesOnly } = query;
  let listed = selectSummaries(db).select((eb) =>
    eb.case().when('alerts.status', '=', 'resolved').then(1).else(0).end().as('is_over'),
  );
  if (organizationId !== null) listed = listed.where('alerts.organization_id', '=', organizationId);
  if (status === 'unresolved') listed = listed.where('alerts.status', 'in', ['open', 'acknowledged']);
  else if (status !== undefined && status !== 'all') listed = listed.where('alerts.status', '=', status);
  if (severity !== undefined) listed = listed.where('alerts.severity', '=', severity);
  if (runnerId !== undefined) listed = listed.where('alerts.runner_id', '=', runnerId);
  if (jobId !== undefined) listed = listed.where('alerts.job_id', '=', jobId);
  if (causesOnly === true) listed = listed.where('alerts.cause_alert_id', 'is', null);
  const { rows, nextCursor } = await page(db.selectFrom(listed.as('listed')).selectAll(), {
    order: [
      { column: 'is_over', type: 'int', direction: 'asc' },
      { column: 'opened_at', type: 'instant', direction: 'desc' },
      { column: 'id', type: 'text', direction: 'desc' },
    ],
    limit: query.limit ?? PAGE_ROWS,
    cursor: query.cursor,
  });
  const views = rows.map(summaryOf);
  return {
    now: services.now().toISOString(),
    alerts: organizationId === null ? views.map(withoutSecurityDetail) : views,
    nextCursor: nextCursor ?? null,
  };
}
