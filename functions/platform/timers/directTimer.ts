import type { Services } from '../services.ts';

/**
 * A timer that must work while the database does not: its ticks are claimed and recorded nowhere, so whatever several
 * hosts must not do twice, the work itself decides.
 */
export interface DirectTimer {
  readonly name: string;
  /** NCRONTAB, six fields, UTC. */
  readonly schedule: string;
  /** Bounded; may reject, which the host logs. */
  readonly work: (services: Services) => Promise<void>;
}
