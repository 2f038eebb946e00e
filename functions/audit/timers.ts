import type { TimerHandler } from '../platform/timers/timer.ts';
import { runAudit } from './audit.ts';

/** The daily audit; 05:30 UTC, before people come. */
export const auditTimers: readonly TimerHandler[] = [
  {
    name: 'fidelity-audit-daily',
    schedule: '0 30 5 * * *',
    work: async (services) => {
      const result = await runAudit(services, {
        scope: null,
        trigger: 'timer',
        requestedBy: 'daily timer',
        minVersion: null,
      });
      return { examined: result.checks.length, changed: 1 };
    },
  },
];
