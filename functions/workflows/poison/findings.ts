import { countText } from '../../../shared/domain/age.ts';
import type { Finding } from '../../alerts/index.ts';
import { firstOrganizationId } from '../../platform/organizations.ts';
import type { Services } from '../../platform/services.ts';
import { type OwnedMessage, withRuns } from './owners.ts';
import type { PoisonMessage } from '../../platform/queues/poisonQueue.ts';

const NAMED_RUNS = 5;

/** What is to be told while there are poison messages, an alert an organization. Throws `QueueError`. */
export async function findPoison(
  services: Services,
): Promise<{ readonly messages: number; readonly findings: Finding[] }> {
  const { poison } = services.slices;
  const messages = await poison.depth();
  if (messages === 0) return { messages, findings: [] };
  const { db } = services.database;
  const seen = await withRuns(db, await poison.peek());
  // A message of no run is the affair of whoever runs the platform.
  const owner = await firstOrganizationId(db);
  const groups = Map.groupBy(seen, ({ run }) => run?.organization_id ?? owner);
  const findings = [...groups].flatMap(([organizationId, group]) =>
    organizationId === undefined ? [] : [findingOf(organizationId, group)],
  );
  return { messages, findings };
}

function findingOf(organizationId: string, group: readonly OwnedMessage<PoisonMessage>[]): Finding {
  const ids = [...new Set(group.flatMap(({ run }) => run?.id ?? []))];
  const named = ids.slice(0, NAMED_RUNS).join(', ');
  const whose = ids.length === 0 ? '' : ` They are for ${named}${ids.length > NAMED_RUNS ? ', …' : ''}.`;
  return {
    organizationId,
    fingerprint: 'poison-queue',
    severity: 'warning',
    class: 'operational',
    title: `${countText(group.length, 'message')} in the poison queue`,
    detail: `Every attempt at them failed, as when the database is away.${whose} Their runs go on all the same: the dispatch sweeper sends them new messages. Look at the log for the cause, then replay the messages on the page of poison messages; what has been done meanwhile is acknowledged without effect.`,
    runbook: 'poison-queue',
    facts: { messages: group.length },
  };
}
