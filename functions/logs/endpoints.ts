import { adminLogs, shipLogs } from '../../shared/contract/logs.ts';
import { type EndpointHandler, handle } from '../platform/http/handler.ts';
import { Problem } from '../platform/http/problem.ts';
import { readLines } from './readLines.ts';
import { runnerExists } from './store.ts';
import { takeLines } from './takeLines.ts';

export const logHandlers: readonly EndpointHandler[] = [
  handle(shipLogs, async ({ body, caller }, services) => {
    if (caller.kind !== 'agent')
      throw new Problem('not-allowed', `This is for agents; the caller is ${caller.kind}.`);
    return { body: await takeLines(services, caller.runnerId, body) };
  }),

  handle(adminLogs, async ({ query, caller }, services) => {
    const organizationId = caller.kind === 'person' ? caller.organizationId : null;
    if (!(await runnerExists(services.database.db, query.runnerId, organizationId)))
      throw new Problem('not-found', `There is no runner ${query.runnerId}.`);
    return { body: { now: services.now().toISOString(), ...(await readLines(services, query)) } };
  }),
];
