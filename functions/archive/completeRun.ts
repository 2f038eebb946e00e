import type { completeRun } from '../../shared/contract/agents.ts';
import type { BodyOf, ResponseOf } from '../../shared/contract/endpoint.ts';
import type { Db } from '../platform/database/index.ts';
import { Problem } from '../platform/http/problem.ts';
import { lockRun, type RunRow, type WriteContext, writeContext, writeSteps } from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import type { Agent } from './agent.ts';
import { listHiddenLosses, recordLosses, reportLoss } from './dataLoss.ts';
import { closeFileSync, type Closing } from './fileSyncEnd.ts';
import { reviveIfStale, whileReviving } from './liveness.ts';
import { ownRun } from './ownRun.ts';
import { archivedFiles, runFileRow, uniqueResults } from './results.ts';
import { takeArchived } from './stateIndex.ts';
import { type CountedRun, countRun, unfinishedPaths, writeOutcomes } from './store/runFiles.ts';
import { storeTotals } from './store/runs.ts';

type CompleteBody = BodyOf<typeof completeRun>;
type CompleteAnswer = ResponseOf<typeof completeRun>;

/** Missing results named in the problem; the count is always whole. */
const MAX_NAMED = 1000;

interface Taken {
  readonly run: RunRow;
  readonly counted: CountedRun;
  /** Set when the closing chunk counts more results than have arrived. */
  readonly missing: { readonly count: number; readonly paths: readonly string[] } | undefined;
}

/**
 * Takes a chunk of results, in one transaction: what became of each file, the state index, the totals counted anew, and
 * the end of the run when the chunk closes it. Chunks may come twice, in any order, and late:
 *
 * - a result never undoes a better or newer one, and every archived file reaches the index, whatever the run's status;
 * - a run that was closed for its silence is live again;
 * - a run that a newer one has replaced (`stale: superseded`), or that was terminated, stays closed: its results are
 *   taken all the same and the answer is its status, so that its agent may forget them;
 * - a closing chunk that counts more results than have arrived is answered `results-missing` after its own were stored.
 *
 * Throws `run-unknown` for a run that is not this agent's.
 */
export async function complete(
  services: Services,
  agent: Agent,
  runId: string,
  body: CompleteBody,
): Promise<CompleteAnswer> {
  const { run, jobId } = await ownRun(services.database.db, agent, {
    runId,
    correlationId: body.correlationId,
  });
  const context = writeContext(services);
  const taken = await whileReviving(services, (tx) => takeChunk(tx, { runId: run.id, jobId }, body, context));
  if (taken.missing !== undefined) throw resultsMissing(taken, body.closing?.expectedResults ?? 0);
  const { filesArchived, filesSkipped, filesFailed } = taken.counted;
  return { status: taken.run.status, filesArchived, filesSkipped, filesFailed };
}

async function takeChunk(
  tx: Db,
  sync: { readonly runId: string; readonly jobId: string },
  /** After an outage it may hold several results of one file: each state that is archived or lost counts by itself. */
  chunk: Pick<CompleteBody, 'results' | 'closing'>,
  context: WriteContext,
): Promise<Taken> {
  const locked = await lockRun(tx, sync.runId, context);
  const run = await reviveIfStale(tx, locked, 'its agent sent results', context);
  await takeArchived(tx, sync, archivedFiles(chunk.results), context);
  const lost = await recordLosses(tx, sync, chunk.results, context.at);
  await writeOutcomes(
    tx,
    uniqueResults(chunk.results).map((result) => runFileRow(run.id, result, context.at)),
  );
  await listHiddenLosses(tx, run.id, context.at);
  await reportLoss(tx, run, lost, context);
  const counted = await countRun(tx, run.id);
  await storeTotals(tx, run.id, counted);
  const missing = await missingResults(tx, run, counted, chunk.closing);
  const closing = missing === undefined && run.status === 'running' ? chunk.closing : undefined;
  const after =
    closing !== undefined
      ? await closeFileSync(tx, run, { closing, counted }, context)
      : await noteProgress(tx, run, counted, context);
  return { run: after, counted, missing };
}

async function missingResults(
  tx: Db,
  run: RunRow,
  counted: CountedRun,
  closing: Closing | undefined,
): Promise<Taken['missing']> {
  if (closing === undefined || closing.expectedResults <= counted.finished) return undefined;
  const paths = await unfinishedPaths(tx, run.id, MAX_NAMED);
  return { count: closing.expectedResults - counted.finished, paths };
}

/** The upload goes on; for a run that has ended, its status follows from the totals as they are now. */
async function noteProgress(
  tx: Db,
  run: RunRow,
  counted: CountedRun,
  context: WriteContext,
): Promise<RunRow> {
  const isLive = run.ended_at === null;
  const step = {
    step: 'upload',
    kind: 'work',
    status: 'running',
    recordsIn: counted.finished,
    recordsOut: counted.filesArchived,
  } as const;
  return writeSteps(tx, run.id, isLive ? [step] : [], context);
}

function resultsMissing(taken: Taken, expected: number): Problem {
  const { count, paths } = taken.missing ?? { count: 0, paths: [] };
  return new Problem(
    'results-missing',
    `Run ${taken.run.id} cannot end: ${String(expected)} results were announced, ${String(taken.counted.finished)} have arrived. Send the others, then close again.`,
    {
      extra: {
        expectedResults: expected,
        countedResults: taken.counted.finished,
        missingCount: count,
        missing: paths,
      },
    },
  );
}
