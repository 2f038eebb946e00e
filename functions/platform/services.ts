import type { Database } from './database/index.ts';
import type { Limits } from './limits/limits.ts';
import type { Logger } from './logging.ts';
import type { SliceQueue } from './queues/sliceQueue.ts';
import type { Settings } from './settings.ts';
import type { Shares } from './storage/shares.ts';
import type { Tables } from './tables/tables.ts';

/**
 * Everything that work needs from outside, made once per process and handed to every function. Tests make their own.
 */
export interface Services {
  readonly settings: Settings;
  readonly database: Database;
  readonly shares: Shares;
  readonly slices: SliceQueue;
  /** Logs and histories: what must not fill the database. */
  readonly tables: Tables;
  /** What may be done how often. */
  readonly limits: Limits;
  readonly log: Logger;
  /** The platform's clock: this host's, or the database's where that one is wrong. */
  readonly now: () => Date;
  /** UUIDv7: sorts by time. */
  readonly newId: () => string;
  /** Names this process in ticks and leases. */
  readonly instanceId: string;
  /** The platform's own version, `0.1.0`. */
  readonly version: string;
  /** When this process started. */
  readonly startedAt: Date;
}
