import { recordAudit } from '../../access/index.ts';
import type { Identity } from '../../platform/http/identity.ts';
import type { PoisonMessage, TakenPoison } from '../../platform/queues/poisonQueue.ts';
import type { Services } from '../../platform/services.ts';
import { ofOrganization } from './owners.ts';

export interface ReplayRequest {
  readonly organizationId: string;
  readonly caller: Identity;
  readonly correlationId: string;
  /** Undefined: all of them. */
  readonly messageIds: readonly string[] | undefined;
}

/** Messages come 32 at a time: a named one that lies behind so many others is not found. */
const MAX_ROUNDS = 8;

/**
 * Puts poison messages back into their queue and says how many those were. What a message said is in the audit log
 * before it leaves the poison queue: no evidence is lost (SPEC W9). A crash may replay one twice, which the worker
 * acknowledges without effect. Throws `QueueError`.
 */
export async function replayPoison(services: Services, request: ReplayRequest): Promise<number> {
  const wanted = request.messageIds === undefined ? undefined : new Set(request.messageIds);
  const others: TakenPoison[] = [];
  let replayed = 0;
  try {
    for (let round = 0; round < (wanted === undefined ? 1 : MAX_ROUNDS) && wanted?.size !== 0; round += 1) {
      const taken = await services.slices.poison.take();
      if (taken.length === 0) break;
      const owned = await ofOrganization(services.database.db, request.organizationId, taken);
      const chosen = owned
        .map(({ message }) => message)
        .filter(({ messageId }) => wanted?.has(messageId) ?? true);
      others.push(...taken.filter((message) => !chosen.includes(message)));
      for (const message of chosen) {
        await replayOne(services, request, message);
        wanted?.delete(message.messageId);
        replayed += 1;
      }
    }
  } finally {
    await Promise.allSettled(others.map((message) => message.giveBack()));
  }
  return replayed;
}

async function replayOne(services: Services, request: ReplayRequest, message: TakenPoison): Promise<void> {
  await recordAudit(services.database.db, {
    id: services.newId(),
    at: services.now(),
    organizationId: request.organizationId,
    actor: request.caller,
    action: 'poison_message.replayed',
    subjectType: 'poison_message',
    subjectId: message.messageId,
    detail: evidenceOf(message),
    correlationId: request.correlationId,
  });
  await message.replay();
}

function evidenceOf({ queueName: queue, insertedAt, content }: PoisonMessage): unknown {
  return { queue, insertedAt: insertedAt.toISOString(), content };
}
