import { ageText } from '../../shared/domain/age.ts';
import { isClockWrong } from '../../shared/domain/clockOffset.ts';
import { presenceOf } from '../../shared/domain/presence.ts';
import { type Finding, reconcileFindings } from '../alerts/index.ts';
import type { Services } from '../platform/services.ts';
import type { TickReport, TimerHandler } from '../platform/timers/timer.ts';
import { type HeardRunner, readHeardRunners } from './stores/runners.ts';

const SOURCE = 'sweep-clock-skew';

/** Finds PCs whose clock differs from the server's: the share refuses requests from another time, and dates of files lie. */
export const clockSkewTimer: TimerHandler = {
  name: SOURCE,
  schedule: '35 */5 * * * *',
  plausibleIdleHours: 7 * 24,
  work: sweepClockSkew,
};

export async function sweepClockSkew(services: Services): Promise<TickReport> {
  const now = services.now();
  const runners = await readHeardRunners(services.database.db);
  const absent = runners.filter((runner) => presenceOf(runner.lastHeartbeatAt, now) !== 'online');
  const { opened, reopened, resolved } = await reconcileFindings(services, {
    source: SOURCE,
    findings: runners.filter((runner) => !absent.includes(runner)).flatMap(findingOf),
    undecided: absent.map(fingerprintOf),
    at: now,
  });
  return { examined: runners.length, changed: opened + reopened + resolved };
}

const fingerprintOf = (runner: HeardRunner): string => `clock-skew:${runner.id}`;

function findingOf(runner: HeardRunner): Finding[] {
  const offsetMs = runner.clock_offset_ms ?? 0;
  if (!isClockWrong(offsetMs)) return [];
  const text = `${ageText(Math.abs(offsetMs))} ${offsetMs > 0 ? 'ahead' : 'behind'}`;
  return [
    {
      organizationId: runner.organization_id,
      fingerprint: fingerprintOf(runner),
      severity: 'warning',
      class: 'operational',
      title: `The clock of ${runner.name} is ${text}`,
      detail:
        'Set the PC’s clock and its time synchronization: Azure Files refuses requests from another time, and the dates of new files are wrong.',
      runnerId: runner.id,
      runbook: 'clock-skew',
      facts: { offsetSeconds: Math.round(offsetMs / 1000) },
    },
  ];
}
