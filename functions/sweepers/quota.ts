import { fullAt, quotaLevel, type QuotaReading } from '../../shared/domain/quotaForecast.ts';
import { type Finding, reconcileFindings } from '../alerts/index.ts';
import { databaseSize } from '../platform/database/index.ts';
import { firstOrganizationId } from '../platform/organizations.ts';
import type { Services } from '../platform/services.ts';
import type { TickReport, TimerHandler } from '../platform/timers/timer.ts';
import {
  DATABASE_TARGET,
  lastMeasured,
  readReadings,
  shareOfTarget,
  sharesInUse,
  shareTarget,
  storeReading,
} from './stores/quotas.ts';

const SOURCE = 'sweep-quota';
const HOUR_MS = 3_600_000;
const LOOK_BACK_MS = 14 * 24 * HOUR_MS;
/** Shares asked in one tick; the longest unasked first. */
const MAX_PER_TICK = 100;

/**
 * Reads by the hour how full the database and each share are, and finds those that will be full (SPEC S4): at 80 % or 30 days
 * before, critical at 95 % or a week before.
 */
export const quotaTimer: TimerHandler = {
  name: SOURCE,
  schedule: '10 */5 * * * *',
  plausibleIdleHours: 3,
  work: sweepQuotas,
};

interface Target {
  readonly target: string;
  readonly organizationId: string;
  readonly measure: () => Promise<Omit<QuotaReading, 'at'> | undefined>;
}

export async function sweepQuotas(services: Services): Promise<TickReport> {
  const { db } = services.database;
  const now = services.now();
  const since = new Date(now.getTime() - LOOK_BACK_MS);
  const targets = await targetsOf(services);
  const measured = await lastMeasured(db, since);
  const due = targets
    .map((one) => ({ ...one, measuredAt: measured.get(one.target)?.getTime() ?? 0 }))
    .filter(({ measuredAt }) => now.getTime() - measuredAt >= HOUR_MS)
    .toSorted((a, b) => a.measuredAt - b.measuredAt)
    .slice(0, MAX_PER_TICK);
  let changed = 0;
  for (const target of due) if (await measureOne(services, target, now)) changed += 1;
  const dueNames = new Set(due.map(({ target }) => target));
  const readings = await readReadings(db, since, [...dueNames]);
  await reconcileFindings(services, {
    source: SOURCE,
    findings: due.flatMap((target) => findingOf(target, readings.get(target.target) ?? [], now)),
    undecided: targets
      .filter(({ target }) => !dueNames.has(target))
      .map(({ target }) => fingerprintOf(target)),
    at: now,
  });
  return { examined: due.length, changed };
}

const fingerprintOf = (target: string): string => `quota:${target}`;

async function targetsOf(services: Services): Promise<Target[]> {
  const { db } = services.database;
  const shares = await sharesInUse(db);
  const owner = await firstOrganizationId(db);
  const database: Target[] =
    owner === undefined
      ? []
      : [{ target: DATABASE_TARGET, organizationId: owner, measure: () => measureDatabase(services) }];
  return [
    ...database,
    ...shares.map(({ shareName, organizationId }) => ({
      target: shareTarget(shareName),
      organizationId,
      measure: () => services.shares.usage(shareName),
    })),
  ];
}

async function measureDatabase({ database, settings }: Services) {
  const size = await databaseSize(database.db);
  if (size === undefined) return undefined;
  return { usedBytes: size.usedBytes, quotaBytes: size.quotaBytes ?? settings.DATABASE_QUOTA_GB * 1e9 };
}

/** One that does not answer never stops the others; it is asked again by the next tick. */
async function measureOne(services: Services, target: Target, at: Date): Promise<boolean> {
  try {
    const measured = await target.measure();
    if (measured !== undefined) await storeReading(services.database.db, target.target, { at, ...measured });
    return measured !== undefined;
  } catch (error) {
    services.log.warn('how full it is could not be read', { target: target.target, error });
    return false;
  }
}

function findingOf(target: Target, readings: readonly QuotaReading[], now: Date): Finding[] {
  const level = quotaLevel(readings, now);
  const last = readings.at(-1);
  if (last === undefined || level === 'ok' || last.quotaBytes === null) return [];
  const isDatabase = target.target === DATABASE_TARGET;
  const what = isDatabase ? 'The database' : `Share ${shareOfTarget(target.target)}`;
  const percent = Math.floor((100 * last.usedBytes) / last.quotaBytes);
  const day = fullAt(readings)?.toISOString().slice(0, 10);
  return [
    {
      organizationId: target.organizationId,
      fingerprint: fingerprintOf(target.target),
      severity: level,
      class: 'operational',
      title: `${what} is ${String(percent)} % full`,
      detail: `${day === undefined ? 'It is not growing at present.' : `At its present growth it is full on ${day}.`} ${remedyOf(isDatabase)}`,
      runbook: isDatabase ? 'database-full' : 'share-full',
      facts: { usedBytes: last.usedBytes, quotaBytes: last.quotaBytes, fullOn: day ?? null },
    },
  ];
}

function remedyOf(isDatabase: boolean): string {
  return isDatabase
    ? 'Raise its tier, or free space with scripts/reclaim.'
    : 'Raise the quota of the share: when it is full, nothing more is archived.';
}
