import type { TimerHandler } from '../platform/timers/timer.ts';
import { type AuditParts, runAudit } from './audit.ts';

/** The daily audit; 05:30 UTC, before people come. */
export const auditTimers = (parts: AuditParts): readonly TimerHandler[] => [
  {
    name: 'fidelity-audit-daily',
    schedule: '0 30 5 * * *',
    plausibleIdleHours: 50,
    work: async (services) => {
      const result = await runAudit(services, parts, {
        scope: null,
        trigger: 'timer',
        requestedBy: 'daily timer',
        minVersion: null,
      });
      return { examined: result.checks.length, changed: 1 };
    },
  },
];
