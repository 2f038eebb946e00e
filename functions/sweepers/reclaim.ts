import { type Database, databaseSize, freeDeletedSpace } from '../platform/database/index.ts';
import { countFilesOfEndedRuns, runsWithFiles } from './stores/reclaim.ts';
import { deleteRunFiles, deleteRunsAndSteps, oldFileSyncs } from './stores/retention.ts';

const DAY_MS = 24 * 3_600_000;
/** Few enough rows that a batch needs little room for its own log, and no writer waits for it. */
const BATCH_ROWS = 1000;
const BATCH_RUNS = 100;

export interface ReclaimOptions {
  /** Rows about single files go from runs that ended this long ago; the runs keep their totals. */
  readonly fileDays: number;
  /** Whole runs go this long after their end, but the newest and the last good one of each job. */
  readonly runDays: number;
  /** Only counts. */
  readonly dryRun: boolean;
  readonly now: Date;
  /** Hears what was done so far, after each batch. */
  readonly progress?: (done: ReclaimedRows) => void;
}

export interface ReclaimedRows {
  readonly runFiles: number;
  readonly runs: number;
}

export interface Reclaimed extends ReclaimedRows {
  /** Undefined where the server does not say. */
  readonly bytesBefore: number | undefined;
  readonly bytesAfter: number | undefined;
}

/**
 * Frees space in a database that is full: what tells of single files in old runs, then old runs. Deletes only, in small
 * transactions; it may be stopped and started again at any time. The state index, seals, alerts and the audit log are
 * never touched: what is archived stays known.
 */
export async function reclaim(database: Database, options: ReclaimOptions): Promise<Reclaimed> {
  const bytesBefore = await usedBytes(database);
  const rows = options.dryRun ? await countRows(database, options) : await deleteRows(database, options);
  if (!options.dryRun) await freeDeletedSpace(database, ['sync_run_files', 'sync_steps', 'sync_runs']);
  return { ...rows, bytesBefore, bytesAfter: await usedBytes(database) };
}

async function countRows(
  { db }: Database,
  { fileDays, runDays, now }: ReclaimOptions,
): Promise<ReclaimedRows> {
  const runs = await oldFileSyncs(db, daysBefore(now, runDays), Number.MAX_SAFE_INTEGER);
  return { runFiles: await countFilesOfEndedRuns(db, daysBefore(now, fileDays)), runs: runs.length };
}

async function deleteRows(database: Database, options: ReclaimOptions): Promise<ReclaimedRows> {
  const { db } = database;
  const { now, progress = () => undefined } = options;
  const done = { runFiles: 0, runs: 0 };
  const deleteFilesOf = async (runId: string): Promise<void> => {
    for (let deleted = BATCH_ROWS; deleted === BATCH_ROWS;) {
      deleted = await deleteRunFiles(db, runId, BATCH_ROWS);
      done.runFiles += deleted;
    }
  };
  await forEachRun(
    () => runsWithFiles(db, daysBefore(now, options.fileDays), BATCH_RUNS),
    async (runId) => {
      await deleteFilesOf(runId);
      progress(done);
    },
  );
  await forEachRun(
    () => oldFileSyncs(db, daysBefore(now, options.runDays), BATCH_RUNS),
    async (runId) => {
      await deleteFilesOf(runId);
      await database.transaction((tx) => deleteRunsAndSteps(tx, runId));
      done.runs += 1;
      progress(done);
    },
  );
  return done;
}

/** Until none are found any more; ends also when all that are found come again, which would go on for ever. */
async function forEachRun(
  find: () => Promise<string[]>,
  work: (runId: string) => Promise<void>,
): Promise<void> {
  const seen = new Set<string>();
  for (;;) {
    const runIds = (await find()).filter((runId) => !seen.has(runId));
    if (runIds.length === 0) return;
    for (const runId of runIds) {
      seen.add(runId);
      await work(runId);
    }
  }
}

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * DAY_MS);
}

async function usedBytes({ db }: Database): Promise<number | undefined> {
  return (await databaseSize(db))?.usedBytes;
}
