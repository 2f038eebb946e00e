import type { QuotaReading } from '../../shared/domain/quotaForecast.ts';
import { reconcileFindings } from '../alerts/index.ts';
import { databaseSize } from '../platform/database/index.ts';
import { firstOrganizationId } from '../platform/organizations.ts';
import type { Services } from '../platform/services.ts';
import type { TickReport, TimerHandler } from '../platform/timers/timer.ts';
import {
  fullFinding,
  fullFingerprint,
  type QuotaTarget,
  unreadFinding,
  unreadFingerprint,
} from './quotaFindings.ts';
import {
  DATABASE_TARGET,
  lastMeasured,
  readReadings,
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
 * before, critical at 95 % or a week before. What cannot be read keeps its alert.
 */
export const quotaTimer: TimerHandler = {
  name: SOURCE,
  schedule: '10 */5 * * * *',
  plausibleIdleHours: 3,
  work: sweepQuotas,
};

interface Target extends QuotaTarget {
  readonly measure: () => Promise<Omit<QuotaReading, 'at'> | undefined>;
}

interface DueTarget extends Target {
  readonly measuredAt: Date;
}

export async function sweepQuotas(services: Services): Promise<TickReport> {
  const { db } = services.database;
  const now = services.now();
  const since = new Date(now.getTime() - LOOK_BACK_MS);
  const targets = await targetsOf(services);
  const due = dueOf(targets, await lastMeasured(db, since), now);
  const unread: DueTarget[] = [];
  for (const target of due) if (!(await measureOne(services, target, now))) unread.push(target);
  const dueNames = new Set(due.map(({ target }) => target));
  const readings = await readReadings(db, since, [...dueNames]);
  const later = targets.filter(({ target }) => !dueNames.has(target));
  await reconcileFindings(services, {
    source: SOURCE,
    findings: [
      ...due.flatMap((target) => fullFinding(target, readings.get(target.target) ?? [], now)),
      ...unread.flatMap((target) => unreadFinding(target, target.measuredAt, now)),
    ],
    undecided: [
      ...[...later, ...unread].map(({ target }) => fullFingerprint(target)),
      ...later.map(({ target }) => unreadFingerprint(target)),
    ],
    at: now,
  });
  return { examined: due.length, changed: due.length - unread.length };
}

function dueOf(targets: readonly Target[], measured: ReadonlyMap<string, Date>, now: Date): DueTarget[] {
  return targets
    .map((one) => ({ ...one, measuredAt: measured.get(one.target) ?? new Date(0) }))
    .filter(({ measuredAt }) => now.getTime() - measuredAt.getTime() >= HOUR_MS)
    .toSorted((a, b) => a.measuredAt.getTime() - b.measuredAt.getTime())
    .slice(0, MAX_PER_TICK);
}

async function targetsOf(services: Services): Promise<Target[]> {
  const { db } = services.database;
  const shares = await sharesInUse(db);
  const owner = await firstOrganizationId(db);
  const database: Target[] =
    owner === undefined
      ? []
      : [
          {
            target: DATABASE_TARGET,
            organizationId: owner,
            since: new Date(0),
            measure: () => measureDatabase(services),
          },
        ];
  return [
    ...database,
    ...shares.map(({ shareName, organizationId, since }) => ({
      target: shareTarget(shareName),
      organizationId,
      since,
      measure: () => services.shares.usage(shareName),
    })),
  ];
}

async function measureDatabase({ database, settings }: Services) {
  const size = await databaseSize(database.db);
  if (size === undefined) return undefined;
  return { usedBytes: size.usedBytes, quotaBytes: size.quotaBytes ?? settings.DATABASE_QUOTA_GB * 1e9 };
}

/** One that does not answer never stops the others; it is asked again by the next tick. False: it did not. */
async function measureOne(services: Services, target: Target, at: Date): Promise<boolean> {
  try {
    const measured = await target.measure();
    if (measured !== undefined) await storeReading(services.database.db, target.target, { at, ...measured });
    return true;
  } catch (error) {
    services.log.warn('how full it is could not be read', { target: target.target, error });
    return false;
  }
}
