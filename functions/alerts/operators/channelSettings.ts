import type { ChannelBody, ChannelView } from '../../../shared/contract/alerts.ts';
import { classifyDatabaseError, type Db, json } from '../../platform/database/index.ts';
import { Problem } from '../../platform/http/problem.ts';
import { type WriteContext, writeContext } from '../../platform/runs/index.ts';
import type { Services } from '../../platform/services.ts';
import { endFailing } from '../attempt.ts';
import type { ChannelRow } from '../outboxStore.ts';
import { openSecrets, sealSecrets, SecretBoxUnopened, type Secrets } from '../secretBox.ts';
import { type ChannelParts, channelParts, noParts } from './channelParts.ts';
import { type Decision, recordDecision } from './decision.ts';

const MAX_CHANNELS = 50;

/** An organization's channels by name, without their secrets. */
export async function listChannels(db: Db, organizationId: string): Promise<ChannelView[]> {
  const rows = await db
    .selectFrom('notification_channels')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .orderBy('name')
    .execute();
  return rows.map(channelOf);
}

/** Throws `conflict` for a name that is taken, `invalid-request` for one that could not send. */
export async function addChannel(
  services: Services,
  decision: Decision,
  body: ChannelBody,
): Promise<ChannelView> {
  const context = writeContext(services);
  const id = context.newId();
  const parts = channelParts(body, noParts, services.settings.NOTIFY_ALLOW_PRIVATE_ADDRESSES);
  const row = {
    id,
    organization_id: decision.organizationId,
    kind: body.kind,
    name: body.name.trim(),
    enabled: body.enabled,
    config_json: json(parts.config),
    secret_box: boxOf(services, id, parts.secrets),
    last_ok_at: null,
    last_failed_at: null,
    last_error: null,
    version: 1,
    created_at: context.at,
    updated_at: context.at,
  };
  await refusingTwin(row.name, () =>
    services.database.transaction(async (tx) => {
      await refuseTooMany(tx, decision.organizationId);
      await tx.insertInto('notification_channels').values(row).execute();
      const detail = { kind: body.kind, name: row.name, enabled: body.enabled, config: parts.config };
      const done = { action: 'channel.created', subjectType: 'channel', subjectId: id, detail };
      await recordDecision(tx, decision, done, context);
    }),
  );
  return channelOf({ ...row, config_json: parts.config });
}

/**
 * Replaces a channel's configuration; secrets that are left out stay, as long as they go where they went. What was still
 * to be sent through a channel that is switched off is kept as suppressed, and that it fails is over. Throws `not-found`,
 * `conflict` (name, another kind), `invalid-request`.
 */
export async function changeChannel(
  services: Services,
  decision: Decision,
  channelId: string,
  body: ChannelBody,
): Promise<ChannelView> {
  const context = writeContext(services);
  const name = body.name.trim();
  return refusingTwin(name, () =>
    services.database.transaction(async (tx) => {
      const row = await lockChannel(tx, decision.organizationId, channelId);
      if (row.kind !== body.kind)
        throw new Problem('conflict', `Channel ${channelId} is of kind ${row.kind}; add a new one instead.`);
      const before = secretsBefore(services, row);
      const parts = channelParts(
        body,
        { config: row.config_json as ChannelParts['config'], secrets: before },
        services.settings.NOTIFY_ALLOW_PRIVATE_ADDRESSES,
      );
      const set = {
        name,
        enabled: body.enabled,
        config_json: json(parts.config),
        secret_box: boxOf(services, channelId, parts.secrets),
        version: row.version + 1,
        updated_at: context.at,
      };
      await tx.updateTable('notification_channels').set(set).where('id', '=', channelId).execute();
      if (!body.enabled) await switchOff(tx, row, context);
      const detail = {
        name,
        enabled: body.enabled,
        config: parts.config,
        secretsGiven: givenSecrets(before, parts.secrets),
      };
      const done = { action: 'channel.updated', subjectType: 'channel', subjectId: channelId, detail };
      await recordDecision(tx, decision, done, context);
      return channelOf({ ...row, ...set, config_json: parts.config });
    }),
  );
}

async function refuseTooMany(tx: Db, organizationId: string): Promise<void> {
  const { channels } = await tx
    .selectFrom('notification_channels')
    .select((eb) => eb.fn.countAll<number>().as('channels'))
    .where('organization_id', '=', organizationId)
    .executeTakeFirstOrThrow();
  if (channels >= MAX_CHANNELS)
    throw new Problem('conflict', `There are ${String(MAX_CHANNELS)} channels already; wanted: fewer.`);
}

/** The channel's row, held until the transaction ends. Throws `not-found`. */
async function lockChannel(tx: Db, organizationId: string, channelId: string): Promise<ChannelRow> {
  const row = await tx
    .selectFrom('notification_channels')
    .selectAll()
    .where('id', '=', channelId)
    .where('organization_id', '=', organizationId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new Problem('not-found', `There is no channel ${channelId}.`);
  return row;
}

/** Secrets sealed under another AUTH_SECRET are gone: whoever changes the channel enters them again. */
function secretsBefore(services: Services, row: ChannelRow): Secrets {
  try {
    return openSecrets(services.settings.AUTH_SECRET, row.id, row.secret_box);
  } catch (error) {
    if (!(error instanceof SecretBoxUnopened)) throw error;
    services.log.warn('the secrets of a channel cannot be opened; they have to be entered again', {
      channelId: row.id,
      error,
    });
    return {};
  }
}

function givenSecrets(before: Secrets, after: Secrets): string[] {
  return Object.keys(after).filter((name) => after[name] !== before[name]);
}

function boxOf(services: Services, channelId: string, secrets: Secrets): string | null {
  if (Object.keys(secrets).length === 0) return null;
  return sealSecrets(services.settings.AUTH_SECRET, channelId, secrets);
}

async function switchOff(tx: Db, channel: ChannelRow, context: WriteContext): Promise<void> {
  await tx
    .updateTable('notifications')
    .set((eb) => ({
      status: 'suppressed',
      next_attempt_at: null,
      last_error: 'the channel was switched off',
      version: eb('version', '+', 1),
    }))
    .where('channel_id', '=', channel.id)
    .where('status', '=', 'pending')
    .execute();
  await endFailing(tx, channel, 'the channel was switched off', context);
}

function channelOf(row: ChannelRow): ChannelView {
  return {
    channelId: row.id,
    kind: row.kind,
    name: row.name,
    enabled: row.enabled,
    config: row.config_json as Record<string, unknown>,
    hasSecret: row.secret_box !== null,
    lastOkAt: row.last_ok_at?.toISOString() ?? null,
    lastFailedAt: row.last_failed_at?.toISOString() ?? null,
    lastError: row.last_error,
    version: row.version,
  };
}

async function refusingTwin<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (classifyDatabaseError(cause).kind !== 'unique_violation') throw cause;
    throw new Problem('conflict', `There is a channel ${name} already; wanted: another name.`, { cause });
  }
}
