import { type Db, withLock } from '../platform/database/index.ts';
import type { WriteContext } from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import type { TickReport } from '../platform/timers/timer.ts';
import type { AlertRow } from './alertRow.ts';
import { coveredUntil } from './covered.ts';
import { explainsNow } from './explains.ts';
import { enqueue, notificationsOf, toldRoutes } from './outbox.ts';
import { policy } from './policy.ts';
import { tellAll } from './raise.ts';
import { resolveAll } from './resolve.ts';
import { readSituation } from './situation.ts';
import { alertsLock, saveAlerts } from './store.ts';
import { stormFingerprint } from './storm.ts';
import { isRaising } from './telling.ts';

/** Alerts of one organization in one sweep; the next sweep goes on. */
const MAX_PER_SWEEP = 500;

/**
 * Ends what has been quiet for long enough, and tells what is owed: what stood in a maintenance window or a snooze that
 * is over, what an outage held back, effects whose cause was resolved a while ago (SPEC S8, S13). An organization that
 * cannot be worked on does not stop the others.
 */
export async function settleOwed(services: Services): Promise<TickReport> {
  const report = { examined: 0, changed: 0 };
  const context = { at: services.now(), newId: services.newId };
  for (const organizationId of await organizationsToSettle(services.database.db, context.at)) {
    try {
      const settled = await services.database.transaction((db) =>
        withLock(db, alertsLock(organizationId), (tx) => settleOrganization(tx, organizationId, context)),
      );
      report.examined += settled.examined;
      report.changed += settled.changed;
    } catch (error) {
      services.log.error('what is owed of alerts could not be told', { organizationId, error });
    }
  }
  return report;
}

async function settleOrganization(
  tx: Db,
  organizationId: string,
  context: WriteContext,
): Promise<TickReport> {
  const quiet = await lockQuiet(tx, organizationId, context.at);
  const minutes = String(policy.quietMs / 60_000);
  const wasQuiet = { reason: `came and went; quiet for ${minutes} min`, atOnce: true };
  await resolveAll(tx, organizationId, quiet, wasQuiet, context);
  const storms = await lockSpentStorms(tx, organizationId, context.at);
  const passed = { reason: 'few enough are left to be told one by one', atOnce: true };
  await resolveAll(tx, organizationId, storms, passed, context);
  await giveTime(tx, organizationId, context.at);
  const owed = await lockOwed(tx, organizationId, context.at);
  await tellOwed(tx, organizationId, owed, context);
  const examined = quiet.length + storms.length + owed.length;
  return { examined, changed: examined };
}

async function tellOwed(
  tx: Db,
  organizationId: string,
  owed: readonly (AlertRow & { readonly cause_live: boolean })[],
  context: WriteContext,
): Promise<void> {
  if (owed.length === 0) return;
  await tellEnds(
    tx,
    organizationId,
    owed.filter((alert) => alert.status === 'resolved'),
    context,
  );
  const live = owed.filter((alert) => alert.status !== 'resolved');
  const explained = new Set(live.filter(({ cause_live }) => cause_live).map(({ id }) => id));
  const changed = live.map(({ cause_live: _live, ...alert }) => ({
    alert: { ...alert, version: alert.version + 1 },
    transition: isRaising(alert.tell_transition) ? alert.tell_transition : 'opened',
  }));
  const { rows, notifications } = await tellAll(tx, organizationId, changed, explained, context);
  await saveAlerts(
    tx,
    rows.map(({ alert }) => alert),
  );
  await enqueue(tx, notifications, context);
}

/** Ends that fell into a window: those who heard of the beginning hear of the end now. */
async function tellEnds(
  tx: Db,
  organizationId: string,
  ended: readonly AlertRow[],
  context: WriteContext,
): Promise<void> {
  if (ended.length === 0) return;
  const situation = await readSituation(tx, organizationId, context.at);
  const told = await toldRoutes(
    tx,
    ended.map(({ id }) => id),
  );
  const rows = ended.map((alert) => {
    const until = coveredUntil(alert, situation) ?? null;
    return { ...alert, tell_due_at: until, tell_transition: until === null ? null : alert.tell_transition };
  });
  await saveAlerts(tx, rows);
  const notifications = rows
    .filter(({ tell_due_at }) => tell_due_at === null)
    .flatMap((alert) => {
      const change = { alert, transition: 'resolved' } as const;
      return notificationsOf(change, told.get(alert.id) ?? [], 'pending', situation, context.at);
    });
  await enqueue(tx, notifications, context);
}

/** By the index of what is due, and by that of live alerts: the history of an organization is not looked through. */
async function organizationsToSettle(db: Db, at: Date): Promise<Set<string>> {
  const due = await db
    .selectFrom('alerts')
    .select('organization_id')
    .distinct()
    .where('tell_due_at', '<=', at)
    .execute();
  const held = await db
    .selectFrom('organizations')
    .select('organizations.id')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('alerts')
          .select('alerts.id')
          .whereRef('alerts.organization_id', '=', 'organizations.id')
          .where('alerts.status', 'in', ['open', 'acknowledged'])
          .where((eb) =>
            eb.or([
              eb('alerts.quiet_since', '<=', new Date(at.getTime() - policy.quietMs)),
              eb('alerts.source', '=', 'alerts'),
              eb.and([eb('alerts.tell_transition', 'is not', null), eb('alerts.tell_due_at', 'is', null)]),
            ]),
          ),
      ),
    )
    .execute();
  return new Set([...due.map((row) => row.organization_id), ...held.map((row) => row.id)]);
}

/** Effects whose cause was resolved, or has gone quiet: those that still stand a while later are told. */
async function giveTime(tx: Db, organizationId: string, at: Date): Promise<void> {
  await tx
    .updateTable('alerts')
    .set((eb) => ({
      tell_due_at: new Date(at.getTime() + policy.afterCauseMs),
      version: eb('version', '+', 1),
    }))
    .where('organization_id', '=', organizationId)
    .where('status', 'in', ['open', 'acknowledged'])
    .where('tell_transition', 'is not', null)
    .where('tell_due_at', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('alerts as cause')
            .select('cause.id')
            .whereRef('cause.id', '=', 'alerts.cause_alert_id')
            .where(explainsNow(at)),
        ),
      ),
    )
    .execute();
}

async function lockQuiet(tx: Db, organizationId: string, at: Date): Promise<AlertRow[]> {
  return tx
    .selectFrom('alerts')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('status', 'in', ['open', 'acknowledged'])
    .where('quiet_since', '<=', new Date(at.getTime() - policy.quietMs))
    .orderBy('id')
    .limit(MAX_PER_SWEEP)
    .forUpdate()
    .execute();
}

/** Storms of which no more is left than may be told now. */
async function lockSpentStorms(tx: Db, organizationId: string, at: Date): Promise<AlertRow[]> {
  const storms = await tx
    .selectFrom('alerts')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('status', 'in', ['open', 'acknowledged'])
    .where('fingerprint', 'in', ['operational', 'security', 'data_loss'].map(stormFingerprint))
    .orderBy('id')
    .forUpdate()
    .execute();
  if (storms.length === 0) return [];
  const { toldRecently } = await readSituation(tx, organizationId, at);
  let left = policy.stormAlerts - toldRecently;
  const spent: AlertRow[] = [];
  for (const storm of storms) {
    const waiting = await countWaiting(tx, storm.id);
    if (waiting > 0 && waiting > left) continue;
    left -= waiting;
    spent.push(storm);
  }
  return spent;
}

async function countWaiting(tx: Db, causeId: string): Promise<number> {
  const row = await tx
    .selectFrom('alerts')
    .select((eb) => eb.fn.countAll<number>().as('alerts'))
    .where('cause_alert_id', '=', causeId)
    .where('status', 'in', ['open', 'acknowledged'])
    .where('tell_transition', 'is not', null)
    .executeTakeFirstOrThrow();
  return row.alerts;
}

async function lockOwed(
  tx: Db,
  organizationId: string,
  at: Date,
): Promise<(AlertRow & { readonly cause_live: boolean })[]> {
  const rows = await tx
    .selectFrom('alerts')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('tell_due_at', '<=', at)
    .orderBy('tell_due_at')
    .orderBy('id')
    .limit(MAX_PER_SWEEP)
    .forUpdate()
    .execute();
  const causes = [...new Set(rows.flatMap(({ cause_alert_id }) => cause_alert_id ?? []))];
  if (causes.length === 0) return rows.map((row) => ({ ...row, cause_live: false }));
  const live = await tx
    .selectFrom('alerts as cause')
    .select('cause.id')
    .where('cause.id', 'in', causes)
    .where(explainsNow(at))
    .execute();
  const liveIds = new Set(live.map(({ id }) => id));
  return rows.map((row) => ({ ...row, cause_live: liveIds.has(row.cause_alert_id ?? '') }));
}
