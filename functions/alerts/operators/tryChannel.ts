import type { testChannel } from '../../../shared/contract/alerts.ts';
import type { ResponseOf } from '../../../shared/contract/endpoint.ts';
import { databaseNow, json } from '../../platform/database/index.ts';
import { Problem } from '../../platform/http/problem.ts';
import { writeContext } from '../../platform/runs/index.ts';
import type { Services } from '../../platform/services.ts';
import { attemptDelivery } from '../attempt.ts';
import type { Channels } from '../channels/index.ts';
import { deliveryPolicy } from '../retry.ts';
import type { StoredMessage } from '../storedMessage.ts';
import { type Decision, recordDecision } from './decision.ts';

/**
 * Sends a test through a channel now, whether it is switched on or not: one attempt, kept in the outbox like any other.
 * Without recipients a mail goes to the channel's own. Throws `not-found`.
 */
export async function tryChannel(
  services: Services,
  decision: Decision,
  wanted: { readonly channelId: string; readonly recipients: readonly string[] },
  channels?: Channels,
): Promise<ResponseOf<typeof testChannel>> {
  const { db } = services.database;
  const { organizationId } = decision;
  const context = writeContext(services);
  const channel = await db
    .selectFrom('notification_channels')
    .selectAll()
    .where('id', '=', wanted.channelId)
    .where('organization_id', '=', organizationId)
    .executeTakeFirst();
  if (channel === undefined) throw new Problem('not-found', `There is no channel ${wanted.channelId}.`);
  const { name } = await db
    .selectFrom('organizations')
    .select('name')
    .where('id', '=', organizationId)
    .executeTakeFirstOrThrow();
  const deliveryId = context.newId();
  const { defaultRecipients = [] } = channel.config_json as { defaultRecipients?: readonly string[] };
  const recipients = wanted.recipients.length > 0 ? wanted.recipients : defaultRecipients;
  const row = await services.database.transaction(async (tx) => {
    const done = {
      action: 'channel.tested',
      subjectType: 'channel',
      subjectId: channel.id,
      detail: { deliveryId, recipients },
    };
    await recordDecision(tx, decision, done, context);
    return tx
      .insertInto('notifications')
      .values({
        id: deliveryId,
        organization_id: organizationId,
        transition: 'test',
        dedup_key: `test:${deliveryId}`,
        channel_id: channel.id,
        recipients_json: json(recipients),
        message_json: json(testMessage(name, decision.name, context.at)),
        status: 'sending',
        attempts: 1,
        lease_token: deliveryId,
        lease_until: databaseNow(deliveryPolicy.leaseMs),
        created_at: context.at,
        version: 1,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
  });
  const kinds = channels ?? (await import('../channels/index.ts')).channelsOf(services);
  const outcome = await attemptDelivery(services, kinds, channel, row);
  const error = outcome.result === 'delivered' ? null : outcome.error;
  return { delivered: outcome.result === 'delivered', deliveryId, error };
}

function testMessage(organizationName: string, by: string, at: Date): StoredMessage {
  return {
    alertId: null,
    transition: 'test',
    severity: 'info',
    class: 'operational',
    title: 'Test of this channel',
    detail: `${by} sent this to see whether notifications arrive. Nothing is wrong.`,
    organizationName,
    runnerName: null,
    jobName: null,
    occurredAt: at.toISOString(),
    openedAt: null,
    count: 1,
  };
}
