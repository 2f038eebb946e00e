import type { ResponseOf } from '../../../shared/contract/endpoint.ts';
import type { poisonMessages } from '../../../shared/contract/workflows.ts';
import type { Services } from '../../platform/services.ts';
import { ofOrganization } from './owners.ts';

/** What the queues gave up on, the oldest first. Throws `QueueError`. */
export async function listPoison(
  services: Services,
  organizationId: string,
): Promise<ResponseOf<typeof poisonMessages>> {
  const { poison } = services.slices;
  const [total, messages] = await Promise.all([poison.depth(), poison.peek()]);
  const own = await ofOrganization(services.database.db, organizationId, messages);
  return {
    now: services.now().toISOString(),
    total,
    messages: own.map(({ message, run }) => ({
      messageId: message.messageId,
      queue: message.queueName,
      insertedAt: message.insertedAt.toISOString(),
      content: message.content,
      runId: run?.id ?? null,
      runStatus: run?.status ?? null,
    })),
  };
}
