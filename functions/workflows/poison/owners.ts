import { z } from 'zod';
import type { Db } from '../../platform/database/index.ts';
import type { PoisonMessage } from '../../platform/queues/poisonQueue.ts';
import type { RunRow } from '../../platform/runs/index.ts';

const sliceMessage = z.object({ runId: z.string().max(100) });

/** A poison message with the run that it is for; null: of none that there is. */
export interface OwnedMessage<Message extends PoisonMessage> {
  readonly message: Message;
  readonly run: Pick<RunRow, 'id' | 'status' | 'organization_id'> | null;
}

export async function withRuns<Message extends PoisonMessage>(
  db: Db,
  messages: readonly Message[],
): Promise<OwnedMessage<Message>[]> {
  const ids = messages.flatMap(({ content }) => runIdOf(content) ?? []);
  const rows =
    ids.length === 0
      ? []
      : await db
          .selectFrom('sync_runs')
          .select(['id', 'status', 'organization_id'])
          .where('id', 'in', ids)
          .execute();
  const runs = new Map(rows.map((row) => [row.id, row]));
  return messages.map((message) => ({ message, run: runs.get(runIdOf(message.content) ?? '') ?? null }));
}

/** Messages for runs of an organization, and those that are for no run at all: nobody sees what another's run was sent. */
export async function ofOrganization<Message extends PoisonMessage>(
  db: Db,
  organizationId: string,
  messages: readonly Message[],
): Promise<OwnedMessage<Message>[]> {
  const all = await withRuns(db, messages);
  return all.filter(({ run }) => run === null || run.organization_id === organizationId);
}

function runIdOf(content: unknown): string | undefined {
  return sliceMessage.safeParse(content).data?.runId;
}
