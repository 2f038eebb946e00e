import * as contract from '../../shared/contract/workflows.ts';
import { type EndpointHandler, handle } from '../platform/http/handler.ts';
import { audited } from './audited.ts';
import { startBulkRetry } from './bulkRetry/start.ts';
import { ownerOf } from './caller.ts';
import { listPoison } from './poison/list.ts';
import { replayPoison } from './poison/replay.ts';
import type { Workflows } from './registry.ts';

/** What people do after many runs failed, or messages were given up on. */
export function recoveryHandlers(workflows: Workflows): readonly EndpointHandler[] {
  return [
    handle(contract.bulkRetry, async ({ body, caller, correlationId }, services) => {
      const { organizationId, by } = await ownerOf(services, caller);
      const who = { caller, organizationId, correlationId };
      const alongside = audited(services, 'workflow_runs.bulk_retried', who, body);
      const request = { organizationId, by, correlationId, alongside };
      return { body: await startBulkRetry(services, workflows, body, request) };
    }),

    handle(contract.poisonMessages, async ({ caller }, services) => {
      const { organizationId } = await ownerOf(services, caller);
      return { body: await listPoison(services, organizationId) };
    }),

    handle(contract.replayPoison, async ({ body, caller, correlationId }, services) => {
      const { organizationId } = await ownerOf(services, caller);
      const { messageIds } = body;
      const request = { organizationId, caller, correlationId, messageIds };
      return { body: { replayed: await replayPoison(services, request) } };
    }),
  ];
}
