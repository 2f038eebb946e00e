import { type Finding, reconcileFindings } from '../alerts/index.ts';
import { firstOrganizationId } from '../platform/organizations.ts';
import type { Services } from '../platform/services.ts';
import { type TimerState, timerState } from '../platform/timers/health.ts';
import type { TickReport, TimerHandler } from '../platform/timers/timer.ts';
import { platformDowntime } from './platformDowntime.ts';
import { firstTickAt, hasActiveRunners, readTimerRecord, type TimerRecord } from './stores/ticks.ts';

const SOURCE = 'sweep-timers';

/** Every timer of the app, as `functions/app.ts` has put them together. */
export type AllTimers = () => readonly TimerHandler[];

export interface WatchedTimer {
  readonly timer: TimerHandler;
  readonly state: TimerState;
  readonly record: TimerRecord;
}

/** How every timer is at this moment. */
export async function watchTimers(services: Services, timers: AllTimers): Promise<WatchedTimer[]> {
  const { db } = services.database;
  const now = services.now();
  const platform = {
    since: await firstTickAt(db),
    startedAt: services.startedAt,
    downtime: await platformDowntime(services, now),
    hasRunners: await hasActiveRunners(db),
  };
  const watched: WatchedTimer[] = [];
  for (const timer of timers()) {
    const record = await readTimerRecord(db, timer, now);
    watched.push({ timer, record, state: timerState(timer, record, platform, now) });
  }
  return watched;
}

/** Finds timers that are late, failing or blind (SPEC S14): a sweeper that sweeps nothing for days is itself a problem (B8). */
export function timerWatch(timers: AllTimers): TimerHandler {
  return {
    name: SOURCE,
    schedule: '50 */5 * * * *',
    plausibleIdleHours: 1,
    work: (services) => sweepTimers(services, timers),
  };
}

export async function sweepTimers(services: Services, timers: AllTimers): Promise<TickReport> {
  const watched = await watchTimers(services, timers);
  const owner = await firstOrganizationId(services.database.db);
  if (owner === undefined) return { examined: watched.length, changed: 0 };
  const { opened, reopened, resolved } = await reconcileFindings(services, {
    source: SOURCE,
    findings: watched.flatMap((one) => findingOf(owner, one)),
    at: services.now(),
  });
  return { examined: watched.length, changed: opened + reopened + resolved };
}

const faults: Readonly<Record<Exclude<TimerState, 'ok' | 'never'>, { title: string; detail: string }>> = {
  late: {
    title: 'does not run',
    detail:
      'An occurrence passed without a tick. Look at the functions host: is the function enabled, is its lease stuck?',
  },
  failing: { title: 'fails', detail: 'Its newest ticks ended with an error, or did not end.' },
  blind: {
    title: 'examines nothing',
    detail: 'It ticks, but has found nothing to look at for longer than is plausible.',
  },
};

function findingOf(organizationId: string, { timer, state, record }: WatchedTimer): Finding[] {
  if (state === 'ok' || state === 'never') return [];
  const { title, detail } = faults[state];
  const error = state === 'failing' && record.lastError !== null ? ` ${record.lastError}` : '';
  return [
    {
      organizationId,
      fingerprint: `timer:${timer.name}`,
      severity: 'warning',
      class: 'operational',
      title: `Timer ${timer.name} ${title}`,
      detail: `${detail}${error}`,
      runbook: 'timers',
      facts: { lastDueAt: record.lastDueAt?.toISOString() ?? null },
    },
  ];
}
