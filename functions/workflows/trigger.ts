import type { ResponseOf } from '../../shared/contract/endpoint.ts';
import type { triggerWorkflow } from '../../shared/contract/workflows.ts';
import type { Db } from '../platform/database/index.ts';
import type { Services } from '../platform/services.ts';
import { mendChain, sendLink } from './chain.ts';
import { resumeRun, retryRun } from './controlRun.ts';
import type { Workflow } from './durable/workflow.ts';
import type { Workflows } from './registry.ts';
import { findByLiveKey, newestUnfinished } from './runStore.ts';
import { liveKeyOf, startRun } from './startRun.ts';

export interface TriggerRequest {
  readonly organizationId: string;
  readonly by: string;
  readonly correlationId: string;
  /** Part of the transaction that starts or resumes. */
  readonly alongside: (tx: Db, runId: string) => Promise<void>;
}

/** Resumes the live run of a workflow, or its newest, from its phase pointer (SPEC O5); starts one where none is unfinished. */
export async function trigger(
  services: Services,
  workflows: Workflows,
  workflow: Workflow,
  request: TriggerRequest,
): Promise<ResponseOf<typeof triggerWorkflow>> {
  const { organizationId, by, correlationId, alongside } = request;
  const { db } = services.database;
  const live = await findByLiveKey(db, liveKeyOf(workflow, organizationId) ?? '');
  // Another workflow of its group may hold the key: then this one can neither go on nor start.
  const own = live?.sync_type === workflow.name ? live : undefined;
  const run = own ?? (await newestUnfinished(db, organizationId, workflow.name));
  if (run === undefined) {
    const start = { organizationId, payload: {}, triggeredBy: by, correlationId, alongside };
    const { runId } = await startRun(services, workflow, start);
    return { runId, outcome: 'started', pointer: null };
  }
  const { id: runId, pointer } = run;
  const control = { organizationId, runId, by, alongside: (tx: Db) => alongside(tx, runId) };
  if (run.status === 'paused') await resumeRun(services, control);
  else if (run.status === 'running' || run.ended_at === null) {
    if (run.status === 'failed') await mendChain(services, runId);
    await sendLink(services, { runId, slice: run.slice, pointer });
    return { runId, outcome: run.status === 'failed' ? 'resumed' : 'waiting', pointer };
  } else await retryRun(services, workflows, control);
  return { runId, outcome: 'resumed', pointer };
}
