import { classifyDatabaseError } from '../../platform/database/index.ts';
import type { Services } from '../../platform/services.ts';
import { dueAtOf } from '../../platform/timers/dueAt.ts';
import { claimTick, recordTickEnd } from '../../platform/timers/tickStore.ts';
import type { Trouble } from './trouble.ts';

export const DATABASE_WATCH = 'database-watch';
export const DATABASE_WATCH_SCHEDULE = '10,40 * * * * *';
const TIMEOUT_MS = 8000;

/**
 * How the database is, seen from this host; null: well. It has to take a row of the kind without which no sweeper acts,
 * a tick: a database that is full, or that a failover left read-only, answers every question.
 */
export async function lookAtDatabase(services: Services): Promise<Trouble | null> {
  const { database, log } = services;
  try {
    await inTime(database.ping());
  } catch (error) {
    log.warn('the database did not answer the watch', { error });
    return 'silent';
  }
  try {
    await inTime(writeTick(services));
    return null;
  } catch (error) {
    log.warn('the database did not take a row of the watch', { error });
    return classifyDatabaseError(error).kind === 'full' ? 'full' : 'unwritable';
  }
}

/** One of all hosts writes it; the others see that it is there. */
async function writeTick({ database: { db }, instanceId, now }: Services): Promise<void> {
  const startedAt = now();
  const tick = { timerName: DATABASE_WATCH, dueAt: dueAtOf(DATABASE_WATCH_SCHEDULE, startedAt) };
  const report = { examined: 1, changed: 0 };
  if (await claimTick(db, { ...tick, instanceId, startedAt }))
    await recordTickEnd(db, tick, { finishedAt: now(), report });
}

async function inTime<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${String(TIMEOUT_MS)} ms`)), TIMEOUT_MS);
  });
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
