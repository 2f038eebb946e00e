import { afterDeadlock, classifyDatabaseError, withRetry } from '../platform/database/index.ts';
import { createGather, type GatherOptions } from '../platform/gather.ts';
import { perServices } from '../platform/perServices.ts';
import { type CommandRow, openCommands } from './store/commands.ts';
import { type RunnerGauges, storeGauges } from './store/gauges.ts';
import { type JobRow, jobsOfRunners } from './store/jobs.ts';
import { type RunnerRow, type SaidHeartbeat, storeHeartbeats } from './store/runners.ts';

/** Heartbeats whose statements go together: bounds a statement, and what waits when one row of it is locked. */
const MOST_TOGETHER = 50;
const LANES = 2;

/**
 * The statements of heartbeats that come at the same time, carried out together: ten thousand agents then cost the
 * database a few statements for many, not several for each. Writes are one a runner at a time.
 */
export const heartbeatsTogether = perServices(({ database: { db } }) => ({
  store: gather<SaidHeartbeat, RunnerRow | undefined>(async (said) => {
    const stored = await storeHeartbeats(db, said);
    return said.map(({ runnerId }) => stored.get(runnerId));
  }, runnerOf),
  storeGauges: gather<RunnerGauges, undefined>(async (reported) => {
    await storeGauges(db, reported);
    return reported.map(() => undefined);
  }, runnerOf),
  jobsOf: gather<string, readonly JobRow[]>(async (runnerIds) => {
    const rows = await jobsOfRunners(db, runnerIds);
    return runnerIds.map((runnerId) => rows.filter((job) => job.runner_id === runnerId));
  }),
  commandsOf: gather<string, readonly CommandRow[]>(async (runnerIds) => {
    const rows = await openCommands(db, runnerIds);
    return runnerIds.map((runnerId) => rows.filter((command) => command.runner_id === runnerId));
  }),
}));

function runnerOf({ runnerId }: { readonly runnerId: string }): string {
  return runnerId;
}

function gather<Item, Result>(
  run: GatherOptions<Item, Result>['run'],
  keyOf?: (item: Item) => string,
): (item: Item) => Promise<Result> {
  return createGather<Item, Result>({
    run: (items) => withRetry(() => run(items), afterDeadlock),
    ...(keyOf === undefined ? {} : { keyOf }),
    most: MOST_TOGETHER,
    lanes: LANES,
    isOwn,
  });
}

/** What would meet every one of them again is no heartbeat's own fault. */
function isOwn(error: unknown): boolean {
  const { kind, transient } = classifyDatabaseError(error);
  return !transient && kind !== 'full';
}
