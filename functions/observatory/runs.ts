import type { QueryOf, ResponseOf } from '../../shared/contract/endpoint.ts';
import type * as contract from '../../shared/contract/fleet.ts';
import { adviceOn } from '../../shared/domain/runAdvice.ts';
import { adviceOnWorkflow } from '../../shared/domain/workflowAdvice.ts';
import { Problem } from '../platform/http/problem.ts';
import { findRun, runSummaryOf, stepsOf, stepViewOf } from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import { inFlightOf, runFileOf } from './runViews.ts';
import { pageOfFiles, pageOfRuns, readInFlight } from './store/runs.ts';

const PAGE = 50;

/** One page of the feed over all runs of an organization, newest first. */
export async function readRuns(
  services: Services,
  organizationId: string,
  query: QueryOf<typeof contract.runs>,
): Promise<ResponseOf<typeof contract.runs>> {
  const { cursor, limit = PAGE, from, to, ...filter } = query;
  const between = {
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
  };
  const found = await pageOfRuns(
    services.database.db,
    { organizationId, ...filter, ...between },
    { cursor, limit },
  );
  return {
    now: services.now().toISOString(),
    runs: found.rows.map(runSummaryOf),
    nextCursor: found.nextCursor ?? null,
  };
}

/** One run with its steps, what is in flight, and what to do about its status. Throws `not-found`. */
export async function readRun(
  services: Services,
  organizationId: string,
  runId: string,
): Promise<ResponseOf<typeof contract.run>> {
  const { db } = services.database;
  const row = await ownRun(services, organizationId, runId);
  const [steps, inFlight] = await Promise.all([
    stepsOf(db, row),
    readInFlight(db, { organizationId, runId }),
  ]);
  const { status, status_reason: statusReason, files_failed: filesFailed } = row;
  const advice =
    row.code_version === null
      ? adviceOn({ status, statusReason, filesFailed })
      : adviceOnWorkflow({ status, statusReason, ended: row.ended_at !== null });
  return {
    now: services.now().toISOString(),
    run: runSummaryOf(row),
    payload: row.payload_json,
    result: row.result_json,
    steps: steps.map(stepViewOf),
    inFlight: inFlight.map(inFlightOf),
    advice,
  };
}

/** One page of what became of a run's files. Throws `not-found`. */
export async function readRunFiles(
  services: Services,
  organizationId: string,
  runId: string,
  query: QueryOf<typeof contract.runFiles>,
): Promise<ResponseOf<typeof contract.runFiles>> {
  await ownRun(services, organizationId, runId);
  const { cursor, limit = PAGE, state, search } = query;
  const found = await pageOfFiles(services.database.db, { runId, state, search }, { cursor, limit });
  return { files: found.rows.map(runFileOf), nextCursor: found.nextCursor ?? null };
}

async function ownRun(services: Services, organizationId: string, runId: string) {
  const row = await findRun(services.database.db, organizationId, runId);
  if (row === undefined) throw new Problem('not-found', `There is no run ${runId}.`);
  return row;
}
