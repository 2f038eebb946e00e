import type { z } from 'zod';
import type { Severity, Transition, alertClass } from '../../shared/contract/alerts.ts';
import { type Db, json, rowsFrom, upsert } from '../platform/database/index.ts';
import type { WriteContext } from '../platform/runs/index.ts';
import type { AlertRow } from './alertRow.ts';
import { withoutDetail } from './channels/withoutDetail.ts';
import type { Route } from './routing.ts';
import type { Situation } from './situation.ts';
import { inBatches } from './store.ts';
import { storedMessage, type StoredMessage } from './storedMessage.ts';

/** A notification to put into the outbox. */
export interface NewNotification {
  readonly organizationId: string;
  readonly alertId: string | null;
  readonly transition: Transition;
  /** One for a transition and a channel: the second with the same key is the first. */
  readonly dedupKey: string;
  readonly channelId: string;
  readonly recipients: readonly string[];
  readonly message: StoredMessage;
  readonly status: 'pending' | 'suppressed';
}

const columns = {
  id: 'id',
  organization_id: 'id',
  alert_id: 'id?',
  transition: 'text',
  dedup_key: 'id',
  channel_id: 'id',
  recipients_json: 'json',
  message_json: 'json',
  status: 'text',
  attempts: 'int',
  next_attempt_at: 'instant?',
  created_at: 'instant',
  version: 'int',
} as const;

/**
 * Puts notifications into the outbox, in the transaction of what they tell; from then on they are delivered, whatever
 * happens. One that is there already stays as it is, except that a suppressed one may become pending.
 */
export async function enqueue(
  tx: Db,
  notifications: readonly NewNotification[],
  context: WriteContext,
): Promise<void> {
  await upsert(tx, 'notifications', {
    columns,
    rows: notifications.map((one) => ({
      id: context.newId(),
      organization_id: one.organizationId,
      alert_id: one.alertId,
      transition: one.transition,
      dedup_key: one.dedupKey,
      channel_id: one.channelId,
      recipients_json: json(one.recipients),
      message_json: json(one.message),
      status: one.status,
      attempts: 0,
      next_attempt_at: one.status === 'pending' ? context.at : null,
      created_at: context.at,
      version: 1,
    })),
    key: ['dedup_key'],
    update: ['transition', 'recipients_json', 'message_json', 'status', 'next_attempt_at', 'created_at'],
    guard: (eb) => eb.and([eb('existing.status', '=', 'suppressed'), eb('excluded.status', '=', 'pending')]),
  });
}

/** The notifications of one state change of an alert, one a route. */
export function notificationsOf(
  change: { readonly alert: AlertRow; readonly transition: Transition },
  routes: readonly Route[],
  status: 'pending' | 'suppressed',
  situation: Situation,
  at: Date,
): NewNotification[] {
  const { alert, transition } = change;
  const message = messageOf(alert, transition, situation, at);
  return routes.map((route) => ({
    organizationId: alert.organization_id,
    alertId: alert.id,
    transition,
    dedupKey: dedupKeyOf(alert, route.channelId),
    channelId: route.channelId,
    recipients: route.recipients,
    message: route.withoutDetail
      ? { ...storedMessage(withoutDetail(message)), withoutDetail: true }
      : { ...storedMessage(message), runbook: alert.runbook },
    status,
  }));
}

/** The number is padded, so that of one alert and channel the keys sort as the state changes went. */
function dedupKeyOf(alert: AlertRow, channelId: string): string {
  return `${alert.id}:${String(alert.transition_seq ?? 0).padStart(6, '0')}:${channelId}`;
}

function messageOf(alert: AlertRow, transition: Transition, situation: Situation, at: Date) {
  return {
    deliveryId: '',
    alertId: alert.id,
    transition,
    severity: alert.severity satisfies Severity,
    class: alert.class as z.infer<typeof alertClass>,
    title: alert.title,
    detail: alert.detail,
    organizationName: situation.organizationName,
    runnerName: situation.runners.get(alert.runner_id ?? '')?.name ?? null,
    jobName: situation.jobs.get(alert.job_id ?? '')?.name ?? null,
    occurredAt: at,
    openedAt: alert.opened_at,
    count: alert.seen_count,
    url: null,
    runbookUrl: null,
  };
}

/** The channels whose last word of these alerts is that they are open, with whom they told: those hear of their end too. */
export async function toldRoutes(db: Db, alertIds: readonly string[]): Promise<Map<string, Route[]>> {
  const told = new Map<string, Map<string, Route>>();
  for (const batch of inBatches(alertIds)) {
    const asked = rowsFrom(
      'asked',
      { alert_id: 'id' },
      batch.map((alert_id) => ({ alert_id })),
    );
    const rows = await db
      .selectFrom('notifications')
      .innerJoin('notification_channels', 'notification_channels.id', 'notifications.channel_id')
      .select(['alert_id', 'channel_id', 'transition', 'recipients_json', 'message_json'])
      .where('alert_id', 'in', (eb) => eb.selectFrom(asked).select('asked.alert_id'))
      .where('notifications.status', '<>', 'suppressed')
      .where('transition', 'in', ['opened', 'reopened', 'worsened', 'resolved'])
      .where('notification_channels.enabled', '=', true)
      .orderBy('dedup_key')
      .execute();
    for (const row of rows) {
      const routes = told.get(row.alert_id ?? '') ?? new Map<string, Route>();
      if (row.transition === 'resolved') routes.delete(row.channel_id);
      else routes.set(row.channel_id, routeOf(row));
      told.set(row.alert_id ?? '', routes);
    }
  }
  const still = [...told].filter(([, routes]) => routes.size > 0);
  return new Map(still.map(([alertId, routes]) => [alertId, [...routes.values()]]));
}

function routeOf(row: { channel_id: string; recipients_json: unknown; message_json: unknown }): Route {
  const message = row.message_json as { withoutDetail?: boolean };
  return {
    channelId: row.channel_id,
    recipients: row.recipients_json as string[],
    withoutDetail: message.withoutDetail === true,
  };
}
