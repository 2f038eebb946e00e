import type { Db } from '../platform/database/index.ts';
import { writeContext } from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import type { TickReport, TimerHandler } from '../platform/timers/timer.ts';
import type { Message } from './channels/channel.ts';
import { enqueue, type NewNotification } from './outbox.ts';
import type { RoutedChannel, Rule } from './routing.ts';
import { readSituation, type Situation } from './situation.ts';
import { storedMessage } from './storedMessage.ts';

/**
 * Sends a message that means nothing through every enabled channel, once a day (SPEC S15): a channel that stopped working
 * is found before an alert needs it, and reported through the others like every channel that does not take a notification.
 */
export const canaryTimer: TimerHandler = {
  name: 'alert-canary',
  schedule: '0 30 6 * * *',
  work: async (services, { dueAt }) => sendCanaries(services, dueAt),
};

/** Puts the day's canaries into the outbox, one a channel and day (UTC) however often it is called. */
export async function sendCanaries(services: Services, dueAt: Date): Promise<TickReport> {
  const { db } = services.database;
  const report = { examined: 0, changed: 0 };
  for (const organizationId of await organizationIds(db)) {
    const situation = await readSituation(db, organizationId, dueAt);
    const canaries = situation.channels.flatMap((channel) =>
      canaryOf(organizationId, channel, situation, dueAt),
    );
    await services.database.transaction((tx) => enqueue(tx, canaries, writeContext(services)));
    report.examined += situation.channels.length;
    report.changed += canaries.length;
  }
  return report;
}

async function organizationIds(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('organizations').select('id').orderBy('id').execute();
  return rows.map(({ id }) => id);
}

/** None for a mail channel that nobody is named for: no alert would go through it either. */
function canaryOf(
  organizationId: string,
  channel: RoutedChannel,
  { organizationName, rules }: Situation,
  dueAt: Date,
): NewNotification[] {
  const recipients = channel.kind === 'email' ? recipientsOf(channel, rules) : [];
  if (channel.kind === 'email' && recipients.length === 0) return [];
  return [
    {
      organizationId,
      alertId: null,
      transition: 'canary',
      dedupKey: `canary:${dueAt.toISOString().slice(0, 10)}:${channel.id}`,
      channelId: channel.id,
      recipients,
      message: storedMessage(canary(organizationName, dueAt)),
      status: 'pending',
    },
  ];
}

/** Its own, or else those that rules name for it. */
function recipientsOf({ id, defaultRecipients }: RoutedChannel, rules: readonly Rule[]): readonly string[] {
  if (defaultRecipients.length > 0) return defaultRecipients;
  const routes = rules.flatMap((rule) => rule.routes).filter(({ channelId }) => channelId === id);
  return [...new Set(routes.flatMap((route) => route.recipients))];
}

function canary(organizationName: string, occurredAt: Date): Message {
  return {
    deliveryId: '',
    alertId: null,
    transition: 'canary',
    severity: 'info',
    class: 'operational',
    title: 'this channel works',
    detail: 'DataSync sends this once a day. There is nothing to do. If it stays away, look at the channel.',
    organizationName,
    runnerName: null,
    jobName: null,
    occurredAt,
    openedAt: null,
    count: 1,
    url: null,
    runbookUrl: null,
  };
}
