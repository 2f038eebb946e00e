import * as contract from '../../shared/contract/workflows.ts';
import { findRun, runSummaryOf } from '../platform/runs/index.ts';
import { type EndpointHandler, handle } from '../platform/http/handler.ts';
import { Problem } from '../platform/http/problem.ts';
import type { Services } from '../platform/services.ts';
import { audited } from './audited.ts';
import { ownerOf } from './caller.ts';
import { type Control, pauseRun, resumeRun, retryRun, terminateRun } from './controlRun.ts';
import type { Workflow } from './durable/workflow.ts';
import { readKinds } from './kinds.ts';
import { findWorkflow, type Workflows } from './registry.ts';
import { recoveryHandlers } from './recovery.ts';
import { readRunLogs } from './runLogs.ts';
import { readWorkflowRun } from './runView.ts';
import { startRun } from './startRun.ts';
import { trigger } from './trigger.ts';

/** The endpoints of workflows; `workflows` are all that this server has. */
export function workflowHandlers(workflows: Workflows): readonly EndpointHandler[] {
  return [
    handle(contract.workflowKinds, async ({ caller }, services) => {
      const { organizationId } = await ownerOf(services, caller);
      return { body: await readKinds(services, workflows, organizationId) };
    }),

    handle(contract.startWorkflow, async ({ params, body, caller, correlationId }, services) => {
      const workflow = known(workflows, params.name);
      const { organizationId, by } = await ownerOf(services, caller);
      const alongside = audited(
        services,
        'workflow.started',
        { caller, organizationId, correlationId },
        body,
      );
      const start = { organizationId, payload: body.payload, triggeredBy: by, correlationId, alongside };
      const { runId } = await startRun(services, workflow, start);
      return { body: { runId } };
    }),

    handle(contract.triggerWorkflow, async ({ params, caller, correlationId }, services) => {
      const workflow = known(workflows, params.syncType);
      const { organizationId, by } = await ownerOf(services, caller);
      const alongside = audited(
        services,
        'workflow.triggered',
        { caller, organizationId, correlationId },
        {},
      );
      const request = { organizationId, by, correlationId, alongside };
      return { body: await trigger(services, workflows, workflow, request) };
    }),

    handle(contract.workflowRun, async ({ params, caller }, services) => {
      const { organizationId } = await ownerOf(services, caller);
      return { body: await readWorkflowRun(services, organizationId, params.runId) };
    }),

    handle(contract.workflowRunLogs, async ({ params, query, caller }, services) => {
      const { organizationId } = await ownerOf(services, caller);
      return { body: await readRunLogs(services, organizationId, { ...query, ...params }) };
    }),

    controlled(contract.pauseWorkflowRun, 'workflow_run.paused', pauseRun),
    controlled(contract.resumeWorkflowRun, 'workflow_run.resumed', resumeRun),
    controlled(contract.retryWorkflowRun, 'workflow_run.retried', (services, control) =>
      retryRun(services, workflows, control),
    ),
    controlled(contract.terminateWorkflowRun, 'workflow_run.terminated', (services, control) =>
      terminateRun(services, workflows, control),
    ),

    ...recoveryHandlers(workflows),
  ];
}

function known(workflows: Workflows, name: string): Workflow {
  const workflow = findWorkflow(workflows, name);
  if (workflow !== undefined) return workflow;
  const names = workflows.map((each) => each.name).join(', ');
  throw new Problem('not-found', `There is no workflow ${name}. This server knows: ${names}.`);
}

type ControlEndpoint = typeof contract.pauseWorkflowRun;

/** Something that a person does to a run, with its reason and in the audit log. */
function controlled(
  endpoint: { readonly [Key in keyof ControlEndpoint]: ControlEndpoint[Key] },
  action: string,
  work: (services: Services, control: Control) => Promise<unknown>,
): EndpointHandler {
  return handle(endpoint, async ({ params, body, caller, correlationId }, services) => {
    const { organizationId, by } = await ownerOf(services, caller);
    const note = audited(services, action, { caller, organizationId, correlationId }, body ?? {});
    const reason = body?.reason;
    await work(services, {
      organizationId,
      runId: params.runId,
      by: reason === undefined || reason === '' ? by : `${by}: ${reason}`,
      alongside: (tx) => note(tx, params.runId),
    });
    const row = await findRun(services.database.db, organizationId, params.runId);
    if (row === undefined)
      throw new Problem('not-found', `There is no workflow run ${params.runId} any more.`);
    return { body: { run: runSummaryOf(row) } };
  });
}
