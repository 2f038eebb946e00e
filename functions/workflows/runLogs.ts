import type { QueryOf, ResponseOf } from '../../shared/contract/endpoint.ts';
import type { workflowRunLogs } from '../../shared/contract/workflows.ts';
import { readRunLines } from '../logs/index.ts';
import { Problem } from '../platform/http/problem.ts';
import type { Services } from '../platform/services.ts';
import { findWorkflowRun } from './runStore.ts';

/** Lines of a run's log, oldest first. Throws `not-found`, and `TablesError` while the storage is away. */
export async function readRunLogs(
  services: Services,
  organizationId: string,
  { runId, ...query }: QueryOf<typeof workflowRunLogs> & { readonly runId: string },
): Promise<ResponseOf<typeof workflowRunLogs>> {
  const run = await findWorkflowRun(services.database.db, runId, organizationId);
  if (run === undefined) throw new Problem('not-found', `There is no workflow run ${runId}.`);
  // A run that ended is written to once more by whoever ends it; its last line may come a little later.
  const lastActivityAt = run.ended_at === null ? services.now() : run.updated_at;
  return await readRunLines(services, {
    runId,
    startedAt: run.started_at,
    lastActivityAt,
    cursor: query.cursor,
    limit: query.limit,
    level: query.level,
  });
}
