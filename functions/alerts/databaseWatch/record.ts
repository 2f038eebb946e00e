import { type Db, insertIfAbsent, json } from '../../platform/database/index.ts';
import { storedMessage } from '../storedMessage.ts';
import { pageMessage } from './pageMessage.ts';
import type { FinishedPage, WatchState } from './watchState.ts';

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
  last_error: 'text?',
  response_status: 'int?',
  created_at: 'instant',
  delivered_at: 'instant?',
  version: 'int',
} as const;

/** Once the database is back, the pages that were sent without it stand among the deliveries. Idempotent. */
export async function recordPages(db: Db, { finished, channels }: WatchState): Promise<void> {
  const ids = finished.map(({ channelId }) => channelId);
  if (ids.length === 0) return;
  const present = await db.selectFrom('notification_channels').select('id').where('id', 'in', ids).execute();
  const rows = finished.flatMap((page) => {
    const known = channels.find(({ channelId }) => channelId === page.channelId);
    if (known === undefined || present.every(({ id }) => id !== page.channelId)) return [];
    return [rowOf(page, known)];
  });
  if (rows.length > 0) await insertIfAbsent(db, 'notifications', { columns, rows, key: ['dedup_key'] });
}

function rowOf(page: FinishedPage, known: WatchState['channels'][number]) {
  // No row of an alert belongs to it: it stands for itself among the deliveries.
  const message = { ...pageMessage(page, known.organizationName, null), alertId: null };
  return {
    id: page.deliveryId,
    organization_id: known.organizationId,
    alert_id: null,
    transition: page.transition,
    dedup_key: `database-watch:${page.deliveryId}`,
    channel_id: page.channelId,
    recipients_json: json(known.recipients),
    message_json: json(storedMessage(message)),
    status: page.delivered ? 'delivered' : 'failed',
    attempts: page.attempts,
    last_error: page.error,
    response_status: page.responseStatus,
    created_at: new Date(page.occurredAt),
    delivered_at: page.delivered ? new Date(page.endedAt) : null,
    version: 1,
  };
}
