import type { QuotaReading } from '../../../shared/domain/quotaForecast.ts';
import { type Db, insertIfAbsent } from '../../platform/database/index.ts';

export const DATABASE_TARGET = 'database';
const SHARE_PREFIX = 'share:';

export const shareTarget = (shareName: string): string => `${SHARE_PREFIX}${shareName}`;
export const shareOfTarget = (target: string): string => target.slice(SHARE_PREFIX.length);

const MAX_SHARES = 5000;
const MAX_READINGS = 200_000;

/** When each target was read last. */
export async function lastMeasured(db: Db, since: Date): Promise<Map<string, Date>> {
  const rows = await db
    .selectFrom('quota_readings')
    .select((eb) => ['target', eb.fn.max('measured_at').as('measured_at')])
    .where('measured_at', '>=', since)
    .groupBy('target')
    .execute();
  return new Map(rows.map((row) => [row.target, row.measured_at]));
}

/** Readings since then by target, oldest first; of all targets, or of at most a thousand named ones. */
export async function readReadings(
  db: Db,
  since: Date,
  targets?: readonly string[],
): Promise<Map<string, QuotaReading[]>> {
  if (targets?.length === 0) return new Map();
  const rows = await db
    .selectFrom('quota_readings')
    .selectAll()
    .where('measured_at', '>=', since)
    .$if(targets !== undefined, (query) => query.where('target', 'in', targets ?? []))
    .orderBy('measured_at', 'desc')
    .orderBy('target', 'desc')
    .limit(MAX_READINGS)
    .execute();
  const readings = new Map<string, QuotaReading[]>();
  for (const row of rows.toReversed()) {
    const reading = { at: row.measured_at, usedBytes: row.used_bytes, quotaBytes: row.quota_bytes };
    const others = readings.get(row.target);
    if (others === undefined) readings.set(row.target, [reading]);
    else others.push(reading);
  }
  return readings;
}

export async function storeReading(db: Db, target: string, reading: QuotaReading): Promise<void> {
  const row = {
    target,
    measured_at: reading.at,
    used_bytes: Math.round(reading.usedBytes),
    quota_bytes: reading.quotaBytes === null ? null : Math.round(reading.quotaBytes),
  };
  const columns = {
    target: 'id',
    measured_at: 'instant',
    used_bytes: 'bigint',
    quota_bytes: 'bigint?',
  } as const;
  await insertIfAbsent(db, 'quota_readings', { columns, rows: [row], key: ['target', 'measured_at'] });
}

/** The shares that runners archive to, each with the organization that it belongs to and its first runner's beginning; null: of all organizations. */
export async function sharesInUse(
  db: Db,
  organizationId: string | null = null,
): Promise<{ readonly shareName: string; readonly organizationId: string; readonly since: Date }[]> {
  const rows = await db
    .selectFrom('runners')
    .select((eb) => [
      'share_name',
      eb.fn.min('organization_id').as('organization_id'),
      eb.fn.min('created_at').as('since'),
    ])
    .where('status', '=', 'active')
    .$if(organizationId !== null, (query) => query.where('organization_id', '=', organizationId ?? ''))
    .groupBy('share_name')
    .orderBy('share_name')
    .limit(MAX_SHARES)
    .execute();
  return rows.map((row) => ({
    shareName: row.share_name,
    organizationId: row.organization_id,
    since: row.since,
  }));
}
