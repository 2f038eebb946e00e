import type { AlertSummary } from '../../../shared/contract/alerts.ts';
import type { Db } from '../../platform/database/index.ts';
import { Problem } from '../../platform/http/problem.ts';
import { type WriteContext, writeContext } from '../../platform/runs/index.ts';
import type { Services } from '../../platform/services.ts';
import type { AlertRow } from '../alertRow.ts';
import { recordChanges } from '../history.ts';
import { enqueue, notificationsOf, toldRoutes } from '../outbox.ts';
import { resolveAll } from '../resolve.ts';
import { readSituation } from '../situation.ts';
import { saveAlerts } from '../store.ts';
import { hushedUntil, isRaising } from '../telling.ts';
import { selectSummaries, summaryOf } from './alertViews.ts';
import { type Decision, recordDecision } from './decision.ts';

/** A snooze is no way to forget an alert. */
const MAX_SNOOZE_DAYS = 30;

/** Notes that somebody is on it, and tells those who were told of it. Repeating it changes nothing. Throws `not-found`, and `conflict` when it is over. */
export async function acknowledge(
  services: Services,
  decision: Decision,
  alertId: string,
  note: string | undefined,
): Promise<AlertSummary> {
  return decide(services, decision, alertId, 'alert.acknowledged', { note }, async (tx, alert, context) => {
    if (alert.status === 'acknowledged') return false;
    const acknowledged: AlertRow = {
      ...alert,
      status: 'acknowledged',
      acknowledged_at: context.at,
      acknowledged_by: decision.name,
      transition_seq: (alert.transition_seq ?? 0) + 1,
      version: alert.version + 1,
    };
    await saveAlerts(tx, [acknowledged]);
    const reason = `by ${decision.name}${note === undefined ? '' : `: ${note}`}`;
    const change = { alert, from: alert.status, to: 'acknowledged', reason };
    await recordChanges(tx, alert.organization_id, [change], context);
    await tellAcknowledged(tx, acknowledged, context);
    return true;
  });
}

async function tellAcknowledged(tx: Db, alert: AlertRow, context: WriteContext): Promise<void> {
  const routes = (await toldRoutes(tx, [alert.id])).get(alert.id);
  if (routes === undefined) return;
  const situation = await readSituation(tx, alert.organization_id, context.at);
  const status = hushedUntil(alert, situation, context.at) === undefined ? 'pending' : 'suppressed';
  const change = { alert, transition: 'acknowledged' } as const;
  await enqueue(tx, notificationsOf(change, routes, status, situation, context.at), context);
}

/** Ends an alert; a check that still finds its problem opens it again. Throws `not-found`, and `conflict` when it is over. */
export async function resolveByHand(
  services: Services,
  decision: Decision,
  alertId: string,
  reason: string,
): Promise<AlertSummary> {
  return decide(services, decision, alertId, 'alert.resolved', { reason }, async (tx, alert, context) => {
    const resolution = { reason: `by ${decision.name}: ${reason}`, atOnce: true };
    return (await resolveAll(tx, alert.organization_id, [alert], resolution, context)) === 1;
  });
}

/** Keeps an alert quiet until then; null ends that. What it keeps back is told afterwards. Throws `not-found`, `conflict`, `invalid-request`. */
export async function snooze(
  services: Services,
  decision: Decision,
  alertId: string,
  until: Date | null,
): Promise<AlertSummary> {
  refuseOddEnd(until, services.now());
  const detail = { until: until?.toISOString() ?? null };
  return decide(services, decision, alertId, 'alert.snoozed', detail, async (tx, alert, context) => {
    const waited =
      isRaising(alert.tell_transition) && alert.tell_due_at?.getTime() === alert.snoozed_until?.getTime();
    await saveAlerts(tx, [
      {
        ...alert,
        snoozed_until: until,
        tell_due_at: waited && alert.tell_due_at !== null ? (until ?? context.at) : alert.tell_due_at,
        version: alert.version + 1,
      },
    ]);
    const words = until === null ? 'snooze ended' : `snoozed until ${until.toISOString()}`;
    const change = { alert, from: alert.status, to: alert.status, reason: `${words} by ${decision.name}` };
    await recordChanges(tx, alert.organization_id, [change], context);
    return true;
  });
}

function refuseOddEnd(until: Date | null, now: Date): void {
  if (until === null) return;
  const lastMs = now.getTime() + MAX_SNOOZE_DAYS * 86_400_000;
  if (until > now && until.getTime() <= lastMs) return;
  throw new Problem(
    'invalid-request',
    `Cannot snooze until ${until.toISOString()}; wanted: a time to come, within ${String(MAX_SNOOZE_DAYS)} days.`,
    { errors: [{ pointer: '/body/until', message: 'wanted: to come, within 30 days' }] },
  );
}

type Work = (tx: Db, alert: AlertRow, context: WriteContext) => Promise<boolean>;

/** Does `work` on an alert of the caller's organization that is not over, its row locked; writes down who did it, if anything was done. */
async function decide(
  services: Services,
  decision: Decision,
  alertId: string,
  action: string,
  detail: unknown,
  work: Work,
): Promise<AlertSummary> {
  const { organizationId } = decision;
  const context = writeContext(services);
  await services.database.transaction(async (tx) => {
    const alert = await tx
      .selectFrom('alerts')
      .selectAll()
      .where('id', '=', alertId)
      .where('organization_id', '=', organizationId)
      .forUpdate()
      .executeTakeFirst();
    if (alert === undefined) throw new Problem('not-found', `There is no alert ${alertId}.`);
    if (alert.status === 'resolved')
      throw new Problem(
        'conflict',
        `Alert ${alertId} is over: it was resolved ${alert.resolved_reason ?? ''}.`,
      );
    if (!(await work(tx, alert, context))) return;
    await recordDecision(tx, decision, { action, subjectType: 'alert', subjectId: alertId, detail }, context);
  });
  const row = await selectSummaries(services.database.db)
    .where('alerts.id', '=', alertId)
    .executeTakeFirstOrThrow();
  return summaryOf(row);
}
