import type { Services } from '../platform/services.ts';
import type { TickReport, TimerHandler } from '../platform/timers/timer.ts';
import { HEARTBEAT_TABLES } from './heartbeats/points.ts';
import { LOG_TABLES } from './lineRows.ts';
import { RUN_LOG_TABLES } from './runLines/rows.ts';
import { endOfTableMs } from '../platform/tables/weeks.ts';

const DAY_MS = 24 * 3_600_000;

/** Daily: logs and heartbeat histories end with their retention (SPEC S3), a whole week at a time. */
export const logRetentionTimer: TimerHandler = {
  name: 'sweep-log-retention',
  schedule: '0 40 2 * * *',
  plausibleIdleHours: 72,
  work: dropOldTables,
};

/**
 * Drops the tables whose last day is older than the retention. A table that cannot be dropped stops no other; the tick
 * fails after all of them, and the next one tries again.
 */
export async function dropOldTables(services: Services): Promise<TickReport> {
  const { tables, settings } = services;
  const keepFromMs = services.now().getTime() - settings.LOG_RETENTION_DAYS * DAY_MS;
  const failures: unknown[] = [];
  let examined = 0;
  let changed = 0;
  for (const prefix of [LOG_TABLES, HEARTBEAT_TABLES, RUN_LOG_TABLES]) {
    for (const name of await tables.names(prefix)) {
      examined += 1;
      const endMs = endOfTableMs(prefix, name);
      if (endMs === undefined || endMs > keepFromMs) continue;
      try {
        await tables.drop(name);
        changed += 1;
      } catch (error) {
        failures.push(error);
      }
    }
  }
  if (failures.length > 0)
    throw new AggregateError(
      failures,
      `${failures.length} of ${examined} tables of logs could not be dropped`,
    );
  return { examined, changed };
}
