import type { Finding } from '../../alerts/index.ts';
import { firstOrganizationId } from '../../platform/organizations.ts';
import type { RunRow } from '../../platform/runs/index.ts';
import type { Services } from '../../platform/services.ts';
import type { Workflows } from '../registry.ts';
import { newestRun } from '../runStore.ts';
import { isNotStarted } from './notStarted.ts';

/** Scheduled workflows whose newest cycle never began, until a later one does or somebody starts that one. */
export async function findNotStarted(services: Services, workflows: Workflows): Promise<Finding[]> {
  const { db } = services.database;
  const organizationId = await firstOrganizationId(db);
  if (organizationId === undefined) return [];
  const findings: Finding[] = [];
  for (const { name, schedule } of workflows) {
    if (schedule === undefined) continue;
    const run = await newestRun(db, organizationId, name);
    if (run !== undefined && isNotStarted(run)) findings.push(findingOf(run));
  }
  return findings;
}

function findingOf(run: RunRow): Finding {
  const due = run.started_at.toISOString();
  return {
    organizationId: run.organization_id,
    fingerprint: `run-not-started:${run.sync_type}`,
    severity: 'warning',
    class: 'operational',
    title: `${run.sync_type}: the run of ${due} did not begin`,
    detail: `${run.status_reason ?? ''}. What it would have brought is missing until the next one. Start it from the page of run ${run.id} (retry), or with: sync-tool workflow retry ${run.id}.`,
    runbook: 'workflow-failed',
    facts: { runId: run.id, dueAt: due },
  };
}
