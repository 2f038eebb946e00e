import type { Db } from '../platform/database/index.ts';
import { redactText } from '../platform/logging/redact.ts';
import { type WriteContext, writeContext } from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import { raiseAlert, resolveAlert } from './alert.ts';
import type { SendOutcome } from './channels/channel.ts';
import type { Channels } from './channels/index.ts';
import { type ChannelRow, endAttempt, type Ending, noteHealth, type NotificationRow } from './outboxStore.ts';
import { deliveryPolicy, nextDelayMs } from './retry.ts';
import { CHANNEL_FAILING } from './routing.ts';
import { openSecrets, SecretBoxUnopened } from './secretBox.ts';
import { type Addresses, sendableMessage } from './storedMessage.ts';

/** Sends a notification that the caller has claimed, and writes down how it went. Never throws for the other side's faults. */
export async function attemptDelivery(
  services: Services,
  channels: Channels,
  channel: ChannelRow,
  row: NotificationRow,
): Promise<SendOutcome> {
  const outcome = await send(services, channels, channel, row);
  await services.database.transaction((tx) => record(tx, services, channel, row, outcome));
  return outcome;
}

async function send(
  services: Services,
  channels: Channels,
  channel: ChannelRow,
  row: NotificationRow,
): Promise<SendOutcome> {
  const kind = channels.get(channel.kind);
  if (kind === undefined) return refused(`This version has no channel of kind ${channel.kind}.`);
  const signal = AbortSignal.timeout(deliveryPolicy.sendTimeoutMs);
  try {
    const message = sendableMessage(row.id, row.message_json, addressesOf(services));
    const target = {
      channelId: channel.id,
      name: channel.name,
      config: channel.config_json as Readonly<Record<string, unknown>>,
      secrets: openSecrets(services.settings.AUTH_SECRET, channel.id, channel.secret_box),
      recipients: recipientsOf(row),
    };
    return await Promise.race([kind.send(message, target, signal), unanswered(signal)]);
  } catch (error) {
    if (error instanceof SecretBoxUnopened) return refused(error.message);
    services.log.error('a notification could not be sent', { notificationId: row.id, error });
    const text = error instanceof Error ? error.message : String(error);
    return { result: 'retry', responseStatus: null, error: redactText(text).slice(0, 500) };
  }
}

/** Those who do not have it yet, where an earlier attempt reached some. */
function recipientsOf({ recipients_json, message_json }: NotificationRow): readonly string[] {
  const { remainingRecipients } = message_json as { remainingRecipients?: readonly string[] };
  return remainingRecipients ?? (recipients_json as string[]);
}

/** Should a channel not heed the signal. */
async function unanswered(signal: AbortSignal): Promise<SendOutcome> {
  return new Promise((resolve) => {
    const seconds = String(deliveryPolicy.sendTimeoutMs / 1000);
    const error = `no answer within ${seconds} s`;
    signal.addEventListener('abort', () => resolve({ result: 'retry', responseStatus: null, error }), {
      once: true,
    });
  });
}

function refused(error: string): SendOutcome {
  return { result: 'refused', responseStatus: null, error };
}

function addressesOf({ settings }: Services): Addresses {
  const [dashboard = ''] = settings.PUBLIC_ORIGINS.split(',').map((origin) => origin.trim());
  return {
    dashboard: dashboard === '' ? null : dashboard.replace(/\/$/, ''),
    runbook: settings.RUNBOOK_URL ?? null,
  };
}

async function record(
  tx: Db,
  services: Services,
  channel: ChannelRow,
  row: NotificationRow,
  outcome: SendOutcome,
): Promise<void> {
  const now = services.now();
  const ending = endingOf(row, outcome, now);
  if (!(await endAttempt(tx, row, ending))) return;
  const error = ending.status === 'delivered' ? null : ending.error;
  const isEnabled = await noteHealth(tx, channel.id, now, error);
  if (ending.status === 'delivered') {
    if (channel.last_failed_at !== null) await reportWorking(tx, services, channel);
  } else if (
    isEnabled &&
    (ending.status === 'failed' || row.attempts >= deliveryPolicy.reportAfterAttempts)
  ) {
    await reportFailing(tx, services, channel, ending);
  }
}

function endingOf(row: NotificationRow, outcome: SendOutcome, now: Date): Ending {
  const { responseStatus } = outcome;
  if (outcome.result === 'delivered')
    return {
      status: 'delivered',
      nextAttemptAt: null,
      deliveredAt: now,
      error: outcome.warning ?? null,
      responseStatus,
    };
  const { error, retryAfterSeconds, remainingRecipients } = outcome;
  const delayMs = nextDelayMs(row.attempts, retryAfterSeconds, Math.random());
  const nextAttemptAt = new Date(now.getTime() + delayMs);
  const isOver =
    outcome.result === 'refused' || row.transition === 'test' || nextAttemptAt.getTime() > givenUpAt(row);
  return isOver
    ? { status: 'failed', nextAttemptAt: null, deliveredAt: null, error, responseStatus }
    : {
        status: 'pending',
        nextAttemptAt,
        deliveredAt: null,
        error,
        responseStatus,
        ...(remainingRecipients === undefined ? {} : { remainingRecipients }),
      };
}

/** The moment from which a delivery is worth no more attempts; milliseconds since 1970. */
export function givenUpAt(row: Pick<NotificationRow, 'created_at' | 'alert_id' | 'transition'>): number {
  const { maxAgeMs, maxAgeWithoutAlertMs } = deliveryPolicy;
  const isOfTheDay = row.alert_id === null && row.transition !== 'report';
  return row.created_at.getTime() + (isOfTheDay ? maxAgeWithoutAlertMs : maxAgeMs);
}

/** A channel that does not deliver is itself a problem, told through the others. */
export async function reportFailing(
  tx: Db,
  services: Services,
  channel: Pick<ChannelRow, 'id' | 'name' | 'kind' | 'organization_id'>,
  { error, responseStatus }: Pick<Ending, 'error' | 'responseStatus'>,
): Promise<void> {
  await raiseAlert(
    tx,
    {
      organizationId: channel.organization_id,
      fingerprint: CHANNEL_FAILING + channel.id,
      severity: 'critical',
      class: 'operational',
      title: `Notifications through channel ${channel.name} do not arrive`,
      detail: `The ${channel.kind} channel ${channel.name} did not take a notification: ${error ?? 'no reason given'}. Until it works, nobody is told through it. Look at its address and keys, then send a test.`,
      causeFingerprint: null,
      source: 'notifications',
      runbook: 'notification-channel-failing',
      facts: { channelId: channel.id, responseStatus },
    },
    writeContext(services),
  );
}

async function reportWorking(tx: Db, services: Services, channel: ChannelRow): Promise<void> {
  await endFailing(tx, channel, 'a notification was delivered', writeContext(services));
}

/** The alert that a channel fails is over, if there is one. */
export async function endFailing(
  tx: Db,
  channel: Pick<ChannelRow, 'id' | 'organization_id'>,
  reason: string,
  context: WriteContext,
): Promise<void> {
  const { id, organization_id: organizationId } = channel;
  await resolveAlert(tx, { organizationId, fingerprint: CHANNEL_FAILING + id, reason }, context);
}
