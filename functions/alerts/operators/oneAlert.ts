import type { alert } from '../../../shared/contract/alerts.ts';
import type { ResponseOf } from '../../../shared/contract/endpoint.ts';
import type { Db } from '../../platform/database/index.ts';
import { Problem } from '../../platform/http/problem.ts';
import type { Services } from '../../platform/services.ts';
import { policy } from '../policy.ts';
import { selectSummaries, summaryOf } from './alertViews.ts';
import { deliveryOf, selectDeliveries } from './deliveryViews.ts';

/** More than a page shows; an alert that has more is a flood of its own. */
const MAX_ROWS = 500;

/** One alert with its cause, its effects, its state changes and its deliveries. Throws `not-found`. */
export async function readAlert(
  services: Services,
  organizationId: string,
  alertId: string,
): Promise<ResponseOf<typeof alert>> {
  const { db } = services.database;
  const row = await selectSummaries(db)
    .select('alerts.facts_json')
    .where('alerts.id', '=', alertId)
    .where('alerts.organization_id', '=', organizationId)
    .executeTakeFirst();
  if (row === undefined) throw new Problem('not-found', `There is no alert ${alertId}.`);
  const cause =
    row.cause_alert_id === null
      ? undefined
      : await selectSummaries(db).where('alerts.id', '=', row.cause_alert_id).executeTakeFirst();
  const effects = await selectSummaries(db)
    .where('alerts.cause_alert_id', '=', alertId)
    .where('alerts.organization_id', '=', organizationId)
    .orderBy('alerts.opened_at', 'desc')
    .orderBy('alerts.id', 'desc')
    .limit(MAX_ROWS)
    .execute();
  const deliveries = await selectDeliveries(db)
    .where('notifications.alert_id', '=', alertId)
    .orderBy('notifications.created_at')
    .orderBy('notifications.id')
    .limit(MAX_ROWS)
    .execute();
  const customerDueAt = new Date(row.opened_at.getTime() + policy.customerWithinMs).toISOString();
  return {
    now: services.now().toISOString(),
    alert: summaryOf(row),
    cause: cause === undefined ? null : summaryOf(cause),
    effects: effects.map(summaryOf),
    runbookUrl: runbookUrl(services, row.runbook),
    facts: row.facts_json,
    changes: await readChanges(db, alertId),
    deliveries: deliveries.map(deliveryOf),
    customerDueAt: row.class === 'data_loss' ? customerDueAt : null,
  };
}

function runbookUrl({ settings }: Services, chapter: string | null): string | null {
  return settings.RUNBOOK_URL === undefined || chapter === null ? null : `${settings.RUNBOOK_URL}#${chapter}`;
}

/** The newest of them, in the order in which they happened. */
async function readChanges(db: Db, alertId: string) {
  const rows = await db
    .selectFrom('state_changes')
    .select(['created_at', 'id', 'old_state', 'new_state', 'reason'])
    .where('subject_type', '=', 'alert')
    .where('subject_id', '=', alertId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(MAX_ROWS)
    .execute();
  return rows.toReversed().map((row) => ({
    at: row.created_at.toISOString(),
    from: row.old_state,
    to: row.new_state,
    reason: row.reason,
  }));
}
