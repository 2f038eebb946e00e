import type { Db } from '../platform/database/index.ts';
import type { Services } from '../platform/services.ts';
import type { TickReport, TimerHandler } from '../platform/timers/timer.ts';
import {
  deleteRunFiles,
  deleteRunsAndSteps,
  deleteTicks,
  deletePeaks,
  deleteReadings,
  oldFileSyncs,
} from './stores/retention.ts';

const DAY_MS = 24 * 3_600_000;
const FILE_SYNC_DAYS = 180;
/** The platform's downtime is read from seven days of ticks; what went wrong is looked up for two weeks. */
const TICK_DAYS = 14;
const READING_DAYS = 60;
const PEAK_DAYS = 70;
/** Few enough rows that no writer waits for a batch. */
const BATCH_ROWS = 1000;
/** A tick begins no further batch after this; the next one goes on. */
const BUDGET_MS = 240_000;

/**
 * Deletes what is kept for a while only (SPEC S3): file syncs and their files 180 days after their end, the newest and the last
 * good run of a job excepted; ticks, quota readings and production peaks. Alerts, lost files, state changes, the audit log and the
 * runs of registers and workflows are kept for ever. Hourly, in small transactions, as far as its time goes: nobody waits for it.
 */
export const retentionTimer: TimerHandler = {
  name: 'sweep-retention',
  schedule: '50 25 * * * *',
  work: sweepRetention,
};

export async function sweepRetention(services: Services): Promise<TickReport> {
  const { db } = services.database;
  const nowMs = services.now().getTime();
  const before = (days: number): Date => new Date(nowMs - days * DAY_MS);
  const isOver = (): boolean => services.now().getTime() > nowMs + BUDGET_MS;
  const report = await sweepFileSyncs(services, before(FILE_SYNC_DAYS), isOver);
  const small: readonly ((db: Db, limit: number) => Promise<number>)[] = [
    (on, limit) => deleteTicks(on, before(TICK_DAYS), limit),
    (on, limit) => deleteReadings(on, before(READING_DAYS), limit),
    (on, limit) => deletePeaks(on, before(PEAK_DAYS), limit),
  ];
  let deleted = 0;
  for (const deleteSome of small) deleted += await inBatches((limit) => deleteSome(db, limit), isOver);
  return { examined: report.examined + deleted, changed: report.changed + deleted };
}

async function sweepFileSyncs(services: Services, before: Date, isOver: () => boolean): Promise<TickReport> {
  const report = { examined: 0, changed: 0 };
  const failed = new Set<string>();
  while (!isOver()) {
    const found = await oldFileSyncs(services.database.db, before, BATCH_ROWS);
    const runIds = found.filter((runId) => !failed.has(runId));
    if (runIds.length === 0) return report;
    for (const runId of runIds) {
      if (isOver()) return report;
      report.examined += 1;
      if (await deleteOneRun(services, runId, isOver)) report.changed += 1;
      else failed.add(runId);
    }
  }
  return report;
}

/** One bad row never stops the loop. Its files go first, in batches: a run that is half deleted is found again. */
async function deleteOneRun(services: Services, runId: string, isOver: () => boolean): Promise<boolean> {
  const { db } = services.database;
  try {
    await inBatches((limit) => deleteRunFiles(db, runId, limit), isOver);
    return isOver() ? false : await services.database.transaction((tx) => deleteRunsAndSteps(tx, runId));
  } catch (error) {
    services.log.error('an old run could not be deleted', { runId, error });
    return false;
  }
}

/** Each batch is a transaction of its own; gives how many rows went. */
async function inBatches(
  deleteSome: (limit: number) => Promise<number>,
  isOver: () => boolean,
): Promise<number> {
  let deleted = 0;
  for (;;) {
    const rows = await deleteSome(BATCH_ROWS);
    deleted += rows;
    if (rows < BATCH_ROWS || isOver()) return deleted;
  }
}
