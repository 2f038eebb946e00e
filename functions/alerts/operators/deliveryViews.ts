import type { deliveries, DeliveryView } from '../../../shared/contract/alerts.ts';
import type { QueryOf, ResponseOf } from '../../../shared/contract/endpoint.ts';
import { type Db, page } from '../../platform/database/index.ts';
import type { Services } from '../../platform/services.ts';

const PAGE_ROWS = 100;

/** What the page of the outbox needs of a notification. */
export function selectDeliveries(db: Db) {
  return db
    .selectFrom('notifications')
    .innerJoin('notification_channels', 'notification_channels.id', 'notifications.channel_id')
    .select([
      'notifications.id',
      'notifications.alert_id',
      'notifications.transition',
      'notifications.channel_id',
      'notification_channels.name as channel_name',
      'notification_channels.kind as channel_kind',
      'notifications.recipients_json',
      'notifications.status',
      'notifications.attempts',
      'notifications.last_error',
      'notifications.created_at',
      'notifications.next_attempt_at',
      'notifications.delivered_at',
    ]);
}

type DeliveryRow = Awaited<ReturnType<ReturnType<typeof selectDeliveries>['execute']>>[number];

export function deliveryOf(row: DeliveryRow): DeliveryView {
  return {
    deliveryId: row.id,
    alertId: row.alert_id,
    transition: row.transition as DeliveryView['transition'],
    channelId: row.channel_id,
    channelName: row.channel_name,
    channelKind: row.channel_kind,
    recipients: row.recipients_json as string[],
    status: row.status,
    attempts: row.attempts,
    lastError: row.last_error,
    createdAt: row.created_at.toISOString(),
    nextAttemptAt: row.next_attempt_at?.toISOString() ?? null,
    deliveredAt: row.delivered_at?.toISOString() ?? null,
  };
}

/** One page of an organization's outbox, newest first. Throws BadCursorError. */
export async function listDeliveries(
  services: Services,
  organizationId: string,
  { status, channelId, limit, cursor }: QueryOf<typeof deliveries>,
): Promise<ResponseOf<typeof deliveries>> {
  let query = selectDeliveries(services.database.db).where(
    'notifications.organization_id',
    '=',
    organizationId,
  );
  if (status !== undefined) query = query.where('notifications.status', '=', status);
  if (channelId !== undefined) query = query.where('notifications.channel_id', '=', channelId);
  const { rows, nextCursor } = await page(query, {
    order: [
      { column: 'created_at', from: 'notifications.created_at', type: 'instant', direction: 'desc' },
      { column: 'id', from: 'notifications.id', type: 'text', direction: 'desc' },
    ],
    limit: limit ?? PAGE_ROWS,
    cursor,
  });
  return {
    now: services.now().toISOString(),
    deliveries: rows.map(deliveryOf),
    nextCursor: nextCursor ?? null,
  };
}
