import type { Db } from '../platform/database/index.ts';
import { Problem } from '../platform/http/problem.ts';
import { type RunRow, SUPERSEDED } from '../platform/runs/index.ts';
import type { Agent } from './agent.ts';
import { findRunOf } from './store/runs.ts';

/** The file sync that an agent names, if it is its own. Throws `run-unknown`: another runner's run is as unknown as none. */
export async function ownRun(
  db: Db,
  agent: Agent,
  named: { readonly runId: string; readonly correlationId: string },
): Promise<{ run: RunRow; jobId: string }> {
  const run = await findRunOf(db, agent, named);
  const jobId = run?.job_id ?? null;
  if (run === undefined || jobId === null) {
    throw new Problem(
      'run-unknown',
      `Runner ${agent.runnerId} has no run ${named.runId} with that correlation id; begin a new one.`,
    );
  }
  return { run, jobId };
}

/** Throws `run-superseded` for a run that nobody may go on with. */
export function refuseClosed(run: RunRow): void {
  if (run.status !== 'stale' && run.status !== 'terminated') return;
  const why =
    run.status_reason === SUPERSEDED ? 'a newer run of its job has begun' : (run.status_reason ?? 'closed');
  throw new Problem('run-superseded', `Run ${run.id} is ${run.status}: ${why}. Begin a new one.`);
}
