import type { Selectable } from 'kysely';
import { claim, databaseNow, type Db, json, type Schema } from '../platform/database/index.ts';
import { deliveryPolicy } from './retry.ts';

export type NotificationRow = Selectable<Schema['notifications']>;
export type ChannelRow = Selectable<Schema['notification_channels']>;

/** Enabled channels that have something due. */
export async function channelsWithDue(db: Db, now: Date): Promise<ChannelRow[]> {
  return db
    .selectFrom('notification_channels')
    .selectAll()
    .where('enabled', '=', true)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('notifications')
          .select('notifications.id')
          .whereRef('notifications.channel_id', '=', 'notification_channels.id')
          .where((eb) =>
            eb.or([
              eb.and([
                eb('notifications.status', '=', 'pending'),
                eb('notifications.next_attempt_at', '<=', now),
              ]),
              eb.and([
                eb('notifications.status', '=', 'sending'),
                eb('notifications.lease_until', '<', databaseNow()),
              ]),
            ]),
          ),
      ),
    )
    .orderBy('id')
    .execute();
}

/**
 * What is due on a channel, oldest first: waiting rows whose time has come, and rows whose sender died. Of one alert only
 * the earliest state change that is not through, so that nobody hears of an end before the beginning.
 */
export async function dueOnChannel(
  db: Db,
  channelId: string,
  now: Date,
  limit: number,
): Promise<NotificationRow[]> {
  return db
    .selectFrom('notifications')
    .selectAll('notifications')
    .where('channel_id', '=', channelId)
    .where((eb) =>
      eb.or([
        eb.and([eb('status', '=', 'pending'), eb('next_attempt_at', '<=', now)]),
        eb.and([eb('status', '=', 'sending'), eb('lease_until', '<', databaseNow())]),
      ]),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('notifications as earlier')
            .select('earlier.id')
            .whereRef('earlier.alert_id', '=', 'notifications.alert_id')
            .whereRef('earlier.channel_id', '=', 'notifications.channel_id')
            .where('earlier.status', 'in', ['pending', 'sending'])
            .whereRef('earlier.dedup_key', '<', 'notifications.dedup_key'),
        ),
      ),
    )
    .orderBy('created_at')
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Takes a row for one attempt, under a lease; undefined: a rival has it. */
export async function claimNotification(
  db: Db,
  row: Pick<NotificationRow, 'id' | 'version' | 'attempts'>,
  leaseToken: string,
): Promise<NotificationRow | undefined> {
  return db
    .updateTable('notifications')
    .set({
      status: 'sending',
      attempts: row.attempts + 1,
      lease_token: leaseToken,
      lease_until: databaseNow(deliveryPolicy.leaseMs),
      version: row.version + 1,
    })
    .where('id', '=', row.id)
    .where('version', '=', row.version)
    .returningAll()
    .executeTakeFirst();
}

export interface Ending {
  readonly status: 'delivered' | 'pending' | 'failed';
  readonly nextAttemptAt: Date | null;
  readonly deliveredAt: Date | null;
  readonly error: string | null;
  readonly responseStatus: number | null;
  /** E-mail that some have already: the others. The row keeps whom it is for, since all hear of the end. */
  readonly remainingRecipients?: readonly string[];
}

/** Writes down how an attempt went; false: the lease was lost meanwhile, and somebody else decides. */
export async function endAttempt(tx: Db, row: NotificationRow, ending: Ending): Promise<boolean> {
  const ended = await claim(tx, 'notifications', {
    key: { id: row.id },
    version: row.version,
    set: {
      status: ending.status,
      next_attempt_at: ending.nextAttemptAt,
      delivered_at: ending.deliveredAt,
      last_error: ending.error,
      response_status: ending.responseStatus,
      lease_token: null,
      lease_until: null,
      ...(ending.remainingRecipients === undefined
        ? {}
        : {
            message_json: json({
              ...(row.message_json as object),
              remainingRecipients: ending.remainingRecipients,
            }),
          }),
    },
  });
  return ended !== undefined;
}

/** Notes on the channel how it does; no compare-and-set, the newest word counts. Gives whether it is switched on. */
export async function noteHealth(
  tx: Db,
  channelId: string,
  at: Date,
  error: string | null,
): Promise<boolean> {
  const channel = await tx
    .updateTable('notification_channels')
    .set(error === null ? { last_ok_at: at } : { last_failed_at: at, last_error: error })
    .where('id', '=', channelId)
    .returning('enabled')
    .executeTakeFirst();
  return channel?.enabled ?? false;
}
