import * as agents from '../../shared/contract/agents.ts';
import * as fleet from '../../shared/contract/fleet.ts';
import * as pendingAgents from '../../shared/contract/pendingAgents.ts';
import { prefersMinimal } from '../../shared/domain/preference.ts';
import { recordHeartbeat } from '../logs/index.ts';
import { type EndpointHandler, handle } from '../platform/http/handler.ts';
import { agentOf } from './agent.ts';
import { approveEnrolment, rejectEnrolment } from './approval.ts';
import { begin } from './beginRun.ts';
import { compare } from './compareRun.ts';
import { complete } from './completeRun.ts';
import { decisionOf } from './decision.ts';
import { enrol } from './enrolment.ts';
import { takeHeartbeat } from './heartbeat.ts';
import { addJob, orderSync } from './jobs.ts';
import { readPendingAgents } from './pendingAgents.ts';
import { reconcileHandler } from './reconcile/endpoint.ts';
import { sealHandlers } from './seals/endpoints.ts';
import { seedingHandlers } from './seeding/endpoints.ts';
import { takeGuardWord } from './sourceGuard.ts';

const agentHandlers: readonly EndpointHandler[] = [
  handle(agents.enrolAgent, async ({ body, address }, services) => ({
    body: await enrol(services, body, address),
  })),

  handle(agents.heartbeat, async ({ body, caller, address }, services) => {
    const answer = await takeHeartbeat(services, agentOf(caller), body, address);
    recordHeartbeat(services, answer.runnerId, body);
    return { body: answer };
  }),

  handle(agents.beginRun, async ({ body, caller }, services) => {
    const begun = await begin(services, agentOf(caller), body);
    return { status: begun.resumed ? 200 : 201, body: begun };
  }),

  handle(agents.jobGuard, async ({ body, caller, correlationId }, services) => ({
    body: await takeGuardWord(services, agentOf(caller), body, correlationId),
  })),

  handle(agents.compareRun, async ({ params, body, caller, headers }, services) => ({
    body: await compare(services, agentOf(caller), params.runId, body, prefersMinimal(headers.get('prefer'))),
  })),

  handle(agents.completeRun, async ({ params, body, caller }, services) => ({
    body: await complete(services, agentOf(caller), params.runId, body),
  })),
];

const operatorHandlers: readonly EndpointHandler[] = [
  handle(pendingAgents.pendingAgents, async (request, services) => ({
    body: await readPendingAgents(services, decisionOf(request).organizationId),
  })),

  handle(pendingAgents.approveAgent, async (request, services) => ({
    body: await approveEnrolment(services, { ...decisionOf(request), ...request.params, ...request.body }),
  })),

  handle(pendingAgents.rejectAgent, async (request, services) => {
    await rejectEnrolment(services, { ...decisionOf(request), ...request.params, ...request.body });
    return { body: { status: 'rejected' as const } };
  }),

  handle(fleet.createJob, async (request, services) => ({
    body: { jobId: await addJob(services, { ...decisionOf(request), ...request.params }, request.body) },
  })),

  handle(fleet.syncNow, async (request, services) => ({
    body: { commandId: await orderSync(services, { ...decisionOf(request), ...request.params }) },
  })),

  reconcileHandler,
];

export const archiveHandlers: readonly EndpointHandler[] = [
  ...agentHandlers,
  ...operatorHandlers,
  ...sealHandlers,
  ...seedingHandlers,
];
