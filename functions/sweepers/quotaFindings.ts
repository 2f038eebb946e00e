import { fullAt, quotaLevel, type QuotaReading } from '../../shared/domain/quotaForecast.ts';
import { type Finding, fingerprints } from '../alerts/index.ts';
import { DATABASE_TARGET, shareOfTarget } from './stores/quotas.ts';

/** What can be full: the database, or a share. */
export interface QuotaTarget {
  readonly target: string;
  readonly organizationId: string;
  /** Since when it could have been read. */
  readonly since: Date;
}

const DAY_MS = 24 * 3_600_000;

export const fullFingerprint = (target: string): string => `quota:${target}`;
export const unreadFingerprint = (target: string): string => `quota-unread:${target}`;

export function fullFinding(target: QuotaTarget, readings: readonly QuotaReading[], now: Date): Finding[] {
  const level = quotaLevel(readings, now);
  const last = readings.at(-1);
  if (last === undefined || level === 'ok' || last.quotaBytes === null) return [];
  const percent = Math.floor((100 * last.usedBytes) / last.quotaBytes);
  const day = fullAt(readings)?.toISOString().slice(0, 10);
  return [
    {
      ...commonOf(target),
      fingerprint: fullFingerprint(target.target),
      severity: level,
      title: `${nameOf(target)} is ${String(percent)} % full`,
      detail: `${day === undefined ? 'It is not growing at present.' : `At its present growth it is full on ${day}.`} ${remedyOf(target)}`,
      facts: { usedBytes: last.usedBytes, quotaBytes: last.quotaBytes, fullOn: day ?? null },
    },
  ];
}

/** What did not answer for a day may be full by now, and nobody would be told. */
export function unreadFinding(target: QuotaTarget, measuredAt: Date, now: Date): Finding[] {
  if (now.getTime() - Math.max(measuredAt.getTime(), target.since.getTime()) < DAY_MS) return [];
  return [
    {
      ...commonOf(target),
      fingerprint: unreadFingerprint(target.target),
      severity: 'warning',
      title: `${nameOf(target)} cannot be read`,
      detail:
        'How full it is could not be read for a day and longer: nobody is told when it fills up. Is it there, and may the platform read it?',
      ...(isDatabase(target) ? {} : { causeFingerprint: fingerprints.share(shareOfTarget(target.target)) }),
    },
  ];
}

function commonOf(target: QuotaTarget) {
  return {
    organizationId: target.organizationId,
    class: 'operational',
    runbook: isDatabase(target) ? 'database-full' : 'share-full',
  } as const;
}

const isDatabase = ({ target }: QuotaTarget): boolean => target === DATABASE_TARGET;

function nameOf(target: QuotaTarget): string {
  return isDatabase(target) ? 'The database' : `Share ${shareOfTarget(target.target)}`;
}

function remedyOf(target: QuotaTarget): string {
  return isDatabase(target)
    ? 'Raise its tier, or free space with scripts/reclaim.'
    : 'Raise the quota of the share: when it is full, nothing more is archived.';
}
