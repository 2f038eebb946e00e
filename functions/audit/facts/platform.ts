import type { QuotaReading } from '../../../shared/domain/quotaForecast.ts';
import type { Db } from '../../platform/database/index.ts';
import type { Services } from '../../platform/services.ts';
import { type AllTimers, watchTimers } from '../../sweepers/index.ts';
import type { AuditFacts, TimerFacts } from '../facts.ts';
import type { Scope } from '../store.ts';

const LOOK_BACK_MS = 14 * 24 * 3_600_000;
const MAX_READINGS = 1000;
const MAX_SHARES = 5000;

/** How full the database was over two weeks, oldest first. */
export async function readDatabaseReadings(db: Db, now: Date): Promise<QuotaReading[]> {
  const rows = await db
    .selectFrom('quota_readings')
    .selectAll()
    .where('target', '=', 'database')
    .where('measured_at', '>=', new Date(now.getTime() - LOOK_BACK_MS))
    .orderBy('measured_at', 'desc')
    .limit(MAX_READINGS)
    .execute();
  return rows
    .map((row) => ({ at: row.measured_at, usedBytes: row.used_bytes, quotaBytes: row.quota_bytes }))
    .reverse();
}

/** Shares of active runners, with the newest snapshot of each. */
export async function readShareFacts(services: Services, scope: Scope): Promise<AuditFacts['shares']> {
  const rows = await services.database.db
    .selectFrom('runners')
    .select((eb) => ['share_name', eb.fn.min('created_at').as('in_use_since')])
    .where('status', '=', 'active')
    .$if(scope !== null, (query) => query.where('organization_id', '=', scope ?? ''))
    .groupBy('share_name')
    .orderBy('share_name')
    .limit(MAX_SHARES)
    .execute();
  if (rows.length === 0) return [];
  try {
    const snapshots = await services.shares.listSnapshots();
    const newest = new Map(snapshots.map(({ shareName, takenAt }) => [shareName, takenAt]));
    return rows.map((row) => ({
      shareName: row.share_name,
      newestSnapshotAt: newest.get(row.share_name) ?? null,
      inUseSince: row.in_use_since,
    }));
  } catch (error) {
    services.log.warn('the audit could not list snapshots', { error });
    return 'no answer';
  }
}

export async function readTimerFacts(services: Services, timers: AllTimers): Promise<TimerFacts[]> {
  const watched = await watchTimers(services, timers);
  return watched.map(({ timer, state, record }) => ({
    name: timer.name,
    state,
    lastDueAt: record.lastDueAt,
  }));
}
