import pLimit from 'p-limit';
import type { Services } from '../platform/services.ts';
import type { TickReport } from '../platform/timers/timer.ts';
import { attemptDelivery } from './attempt.ts';
import type { Channels } from './channels/index.ts';
import {
  type ChannelRow,
  channelsWithDue,
  claimNotification,
  dueOnChannel,
  type NotificationRow,
} from './outboxStore.ts';
import { deliveryPolicy } from './retry.ts';

/**
 * Sends what is due in the outbox, a bounded number a channel: each row is claimed by compare-and-set under a lease of
 * the database's clock, so that of several hosts one sends. A sender that dies while sending leaves a row whose lease
 * ends: it is sent again with the same delivery id. One bad row never stops the loop.
 */
export async function deliverDue(services: Services, channels?: Channels): Promise<TickReport> {
  const { db } = services.database;
  const now = services.now();
  const able = await channelsWithDue(db, now);
  if (able.length === 0) return { examined: 0, changed: 0 };
  // Mail and cards cost a cold start: they are loaded when the first notification goes out.
  const kinds = channels ?? (await import('./channels/index.ts')).channelsOf(services);
  const limit = pLimit(deliveryPolicy.atOnce);
  const endAt = now.getTime() + deliveryPolicy.budgetMs;
  const report = { examined: 0, changed: 0 };
  const sendOne = async (channel: ChannelRow, row: NotificationRow): Promise<void> => {
    if (services.now().getTime() > endAt) return;
    report.examined += 1;
    if (await sendIfOurs(services, kinds, channel, row)) report.changed += 1;
  };
  const sends = able.map(async (channel) => {
    const due = await dueOnChannel(db, channel.id, now, deliveryPolicy.perChannelAndSweep);
    await Promise.all(due.map((row) => limit(sendOne, channel, row)));
  });
  await Promise.all(sends);
  return report;
}

async function sendIfOurs(
  services: Services,
  channels: Channels,
  channel: ChannelRow,
  row: NotificationRow,
): Promise<boolean> {
  try {
    const claimed = await claimNotification(services.database.db, row, services.newId());
    if (claimed === undefined) return false;
    const { result } = await attemptDelivery(services, channels, channel, claimed);
    return result === 'delivered';
  } catch (error) {
    services.log.error('a notification could not be sent or recorded', { notificationId: row.id, error });
    return false;
  }
}
