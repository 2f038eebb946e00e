import { OVERLAPPED } from '../../../shared/domain/notStarted.ts';
import { Problem } from '../../platform/http/problem.ts';
import { firstOrganizationId } from '../../platform/organizations.ts';
import type { Services } from '../../platform/services.ts';
import type { TickReport } from '../../platform/timers/timer.ts';
import { retryRun } from '../controlRun.ts';
import type { Workflow } from '../durable/workflow.ts';
import { missingSettings, type Workflows } from '../registry.ts';
import { findByLiveKey, findWorkflowRun } from '../runStore.ts';
import { liveKeyOf, startRun } from '../startRun.ts';
import { isNeverStarted, recordNotStarted } from './notStarted.ts';

/**
 * Starts the run of one occurrence of a schedule. The same occurrence is the same run, whichever host ticks and however
 * often (SPEC B1); a late tick starts the one that it missed and none before it (B3); while the cycle before goes on, this one is
 * a `stale` row that says so (B6). A workflow without its settings starts nothing.
 */
export async function startScheduled(
  services: Services,
  workflows: Workflows,
  workflow: Workflow,
  dueAt: Date,
): Promise<TickReport> {
  const organizationId = await firstOrganizationId(services.database.db);
  if (organizationId === undefined || missingSettings(workflow, services.settings).length > 0)
    return { examined: 0, changed: 0 };
  try {
    const request = { organizationId, payload: {}, triggeredBy: null, dueAt };
    const { runId, isNew } = await startRun(services, workflow, request);
    const changed = isNew || (await startAfterAll(services, workflows, { organizationId, runId }));
    return { examined: 1, changed: changed ? 1 : 0 };
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'already-running') throw error;
    const live = await findByLiveKey(services.database.db, liveKeyOf(workflow, organizationId) ?? '');
    const reason = `${OVERLAPPED}: the run before it, ${live?.id ?? 'which has just ended'}, still went on`;
    await recordNotStarted(services, workflow, { organizationId, dueAt, reason });
    return { examined: 1, changed: 1 };
  }
}

/** A tick that comes so late that its occurrence was written off already. */
async function startAfterAll(
  services: Services,
  workflows: Workflows,
  { organizationId, runId }: { readonly organizationId: string; readonly runId: string },
): Promise<boolean> {
  const run = await findWorkflowRun(services.database.db, runId, organizationId);
  if (run === undefined || !isNeverStarted(run)) return false;
  await retryRun(services, workflows, { organizationId, runId, by: 'its schedule, late' });
  return true;
}
