import type { Db } from '../../platform/database/index.ts';
import type { ChannelFacts } from '../facts.ts';
import type { Scope } from '../store.ts';

const MAX_CHANNELS = 200;
/** Longer than a host takes to come back and the first repetitions take. */
const OVERDUE_MS = 15 * 60_000;

/** Every enabled channel, with what it did not take. Its canary is one of its notifications; a test that somebody sends while setting it up is none. */
export async function readChannelFacts(
  db: Db,
  scope: Scope,
  { now, since }: { readonly now: Date; readonly since: Date },
): Promise<ChannelFacts[]> {
  const overdueBefore = new Date(now.getTime() - OVERDUE_MS);
  const rows = await db
    .selectFrom('notification_channels')
    .select((eb) => {
      const ofChannel = () =>
        eb
          .selectFrom('notifications')
          .select((inner) => inner.fn.countAll<number>().as('count'))
          .whereRef('notifications.channel_id', '=', 'notification_channels.id');
      return [
        'name',
        'created_at',
        'last_ok_at',
        ofChannel()
          .where('status', '=', 'failed')
          .where('transition', '<>', 'test')
          .where('notifications.created_at', '>=', since)
          .as('failed'),
        ofChannel()
          .where('status', 'in', ['pending', 'sending'])
          .where('notifications.created_at', '<', overdueBefore)
          .as('overdue'),
      ];
    })
    .where('enabled', '=', true)
    .$if(scope !== null, (query) => query.where('organization_id', '=', scope ?? ''))
    .orderBy('name')
    .orderBy('id')
    .limit(MAX_CHANNELS)
    .execute();
  return rows.map((row) => ({
    name: row.name,
    createdAt: row.created_at,
    lastOkAt: row.last_ok_at,
    failed: row.failed ?? 0,
    overdue: row.overdue ?? 0,
  }));
}
