import { Cron } from 'croner';
import type { ResponseOf } from '../../shared/contract/endpoint.ts';
import type { WorkflowKind, workflowKinds } from '../../shared/contract/workflows.ts';
import { runSummaryOf, selectRunSummaries } from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import type { Workflow } from './durable/workflow.ts';
import { missingSettings, type Workflows } from './registry.ts';

/** Every workflow of this server, as a person sees it. */
export async function readKinds(
  services: Services,
  workflows: Workflows,
  organizationId: string,
): Promise<ResponseOf<typeof workflowKinds>> {
  const kinds: WorkflowKind[] = [];
  for (const workflow of workflows) kinds.push(await kindOf(services, workflow, organizationId));
  return { now: services.now().toISOString(), workflows: kinds };
}

async function kindOf(services: Services, workflow: Workflow, organizationId: string): Promise<WorkflowKind> {
  const { name, summary, schedule = null, exclusive, expectedMinutes } = workflow;
  const newest = await selectRunSummaries(services.database.db)
    .where('sync_runs.organization_id', '=', organizationId)
    .where('sync_runs.sync_type', '=', name)
    .orderBy('sync_runs.started_at', 'desc')
    .orderBy('sync_runs.id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return {
    name,
    summary,
    schedule,
    nextDueAt: schedule === null ? null : nextOccurrence(schedule, services.now()),
    exclusive: exclusive !== false,
    expectedMinutes,
    missingSettings: [...missingSettings(workflow, services.settings)],
    lastRun: newest === undefined ? null : runSummaryOf(newest),
  };
}

function nextOccurrence(schedule: string, now: Date): string | null {
  return new Cron(schedule, { timezone: 'UTC', mode: '6-part' }).nextRun(now)?.toISOString() ?? null;
}
