import type { LogFacts, Logger } from '../logging.ts';
import { localLimit } from './localLimit.ts';
import { sharedLimit } from './sharedLimit.ts';
import { openSharedStore } from './sharedStore.ts';

export interface Allowance {
  readonly points: number;
  readonly seconds: number;
}

export interface Limit {
  /** Counts one. Gives how long to wait where that was one too many. */
  take(key: string): Promise<{ readonly waitMs: number } | undefined>;
  /** Forgets what was counted for this key. */
  forgive(key: string): Promise<void>;
}

/** What may be done how often, by whom. Never rejects: where counting together fails, each host counts alone. */
export interface Limits {
  /** The limit of this name; all who ask for it count together, here and on other hosts. */
  of(name: string, allowance: Allowance): Limit;
  close(): Promise<void>;
}

/** Counts in this process, and in Redis where there is one. Connects when first something is counted. */
export function openLimits(options: {
  readonly redisUrl: string | undefined;
  readonly log: Pick<Logger, 'warn' | 'info'>;
}): Limits {
  const { redisUrl, log } = options;
  const store = redisUrl === undefined ? undefined : openSharedStore(redisUrl, tellTrouble(log));
  const made = new Map<string, Limit>();
  return {
    of: (name, allowance) => {
      const present = made.get(name);
      if (present !== undefined) return present;
      const alone = localLimit(name, allowance);
      const limit = store === undefined ? alone : sharedLimit(name, allowance, store, alone);
      made.set(name, limit);
      return limit;
    },
    close: async () => store?.close(),
  };
}

/** One line when Redis goes, one when it is back, however many requests come between. */
function tellTrouble(log: Pick<Logger, 'warn' | 'info'>): (error: unknown) => void {
  let isAway = false;
  return (error) => {
    if ((error !== undefined) === isAway) return;
    isAway = error !== undefined;
    const facts: LogFacts = { error };
    if (isAway) log.warn('Redis does not answer: limits are counted by each host alone', facts);
    else log.info('Redis answers again: limits are shared');
  };
}
