import type { DeliveryView } from '../../../shared/contract/alerts.ts';
import type { RotationMode } from '../../../shared/contract/keyRotation.ts';
import type { Db } from '../../platform/database/index.ts';
import { writeContext } from '../../platform/runs/index.ts';
import type { Services } from '../../platform/services.ts';
import { enqueue, type NewNotification } from '../outbox.ts';
import { namedRoutes } from '../reportRoutes.ts';
import { readSituation, type Situation } from '../situation.ts';
import { storedMessage } from '../storedMessage.ts';
import { type Decision, recordDecision } from './decision.ts';
import { deliveryOf, selectDeliveries } from './deliveryViews.ts';

/** What a rule names that says who hears of it. */
const ROTATION_SOURCE = 'key-rotation';

interface Rotation {
  readonly rotationId: string;
  readonly mode: RotationMode;
}

/**
 * Tells the owner of a rotation of the storage keys, before the first key is touched (SPEC D7): through the outbox, one delivery id a
 * channel however often this is called. Gives what became of it so far; empty: there is no channel that it could go through.
 */
export async function sendRotationNotice(
  services: Services,
  decision: Decision,
  rotation: Rotation,
): Promise<DeliveryView[]> {
  const context = writeContext(services);
  const { organizationId } = decision;
  return services.database.transaction(async (tx) => {
    const situation = await readSituation(tx, organizationId, context.at);
    const notices = noticesOf(decision, rotation, situation, context.at);
    const keys = notices.map(({ dedupKey }) => dedupKey);
    const isNew = (await deliveriesOf(tx, keys)).length === 0;
    await enqueue(tx, notices, context);
    if (isNew) await recordDecision(tx, decision, announced(rotation), context);
    return deliveriesOf(tx, keys);
  });
}

async function deliveriesOf(tx: Db, dedupKeys: readonly string[]): Promise<DeliveryView[]> {
  if (dedupKeys.length === 0) return [];
  const rows = await selectDeliveries(tx)
    .where('notifications.dedup_key', 'in', dedupKeys)
    .orderBy('notifications.id')
    .execute();
  return rows.map(deliveryOf);
}

function announced({ rotationId, mode }: Rotation) {
  return {
    action: 'key-rotation.announced',
    subjectType: 'key-rotation',
    subjectId: rotationId,
    detail: { mode },
  };
}

function noticesOf(
  { organizationId, name }: Decision,
  { rotationId, mode }: Rotation,
  { organizationName, rules, channels }: Situation,
  at: Date,
): NewNotification[] {
  const message = storedMessage({
    deliveryId: '',
    alertId: null,
    transition: 'notice',
    severity: 'warning',
    class: 'operational',
    title: 'the keys of the archive’s storage are about to be exchanged',
    detail: `${name} begins a rotation of the keys. ${consequences[mode]}`,
    organizationName,
    runnerName: null,
    jobName: null,
    occurredAt: at,
    openedAt: null,
    count: 1,
    url: null,
    runbookUrl: null,
  });
  const told = { severity: 'warning', sources: [ROTATION_SOURCE] } as const;
  return namedRoutes(told, rules, channels).map(({ channelId, recipients }) => ({
    organizationId,
    alertId: null,
    transition: 'notice' as const,
    dedupKey: `key-rotation:${rotationId}:${channelId}`,
    channelId,
    recipients,
    message,
    status: 'pending' as const,
  }));
}

const consequences: Readonly<Record<RotationMode, string>> = {
  planned:
    'It is planned and takes a quarter of an hour, or a day where an agent is away; agents go on archiving meanwhile. There is nothing to do.',
  emergency:
    'It is an emergency: every agent loses access to its share at once and has it again with its next heartbeat, within minutes. Files wait on the instrument PCs meanwhile.',
};
