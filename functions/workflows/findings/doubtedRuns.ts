import type { Finding } from '../../alerts/index.ts';
import type { Services } from '../../platform/services.ts';
import { pageOfRun, payloadKey } from './runText.ts';
import { readOpenRuns } from './store.ts';

const LOOK_BACK_MS = 90 * 24 * 3_600_000;

/** Runs that read nothing, or abnormally little (SPEC W11), until one of the same workflow and payload is sound. */
export async function findDoubtedRuns(
  services: Services,
): Promise<{ readonly examined: number; readonly findings: Finding[] }> {
  const since = new Date(services.now().getTime() - LOOK_BACK_MS);
  const runs = await readOpenRuns(services.database.db, 'doubted', since);
  const findings = runs.map((run): Finding => ({
    organizationId: run.organization_id,
    fingerprint: `run-doubted:${run.sync_type}:${payloadKey(run.payload_json)}`,
    severity: 'warning',
    class: 'operational',
    title: `${run.sync_type} brought too little`,
    detail: `Run ${run.id} ended without an error, but ${run.status_reason ?? 'its records are in doubt'}. Look at the source: is its feed empty or cut? When it is well, start the workflow anew, or with {"acceptFall": true} where so little is right: ${pageOfRun(services, run.id)}`,
    runbook: 'workflow-failed',
    facts: { runId: run.id },
  }));
  return { examined: runs.length, findings };
}
