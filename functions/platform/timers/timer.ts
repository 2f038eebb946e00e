import type { Services } from '../services.ts';

/** What a tick did, for the record that watches the watchers (SPEC S14). */
export interface TickReport {
  readonly examined: number;
  readonly changed: number;
}

/**
 * A timer of the control plane. `functions/app.ts` registers it; each tick claims itself in `timer_ticks` by its due
 * time before `work` runs, so that of two instances only one acts. The work is bounded and never throws for one bad row.
 */
export interface TimerHandler {
  readonly name: string;
  /** NCRONTAB, six fields, UTC. */
  readonly schedule: string;
  /** It examines something at least this often, or it has gone blind (B8). Left out: finding nothing to examine is always plausible. */
  readonly plausibleIdleHours?: number;
  readonly work: (services: Services, tick: { readonly dueAt: Date }) => Promise<TickReport>;
}
