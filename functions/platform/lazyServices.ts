import type { Logger } from './logging.ts';
import type { Services } from './services.ts';

/** Services made at the first call and shared by all later ones; with what closes them. */
export interface ClosableServices {
  readonly services: Services;
  readonly close: () => Promise<void>;
}

export interface LazyServices {
  /** Rejects when they cannot be made; the next call tries again, so that a mended cause needs no restart. */
  get(): Promise<Services>;
  /** For what happens before there are services, or when there are none. */
  log(): Logger;
  /** Ends what was made, once what is under way there has ended. Idempotent; a later `get` makes new ones. */
  close(): Promise<void>;
}

/** Puts off making services until something needs them: loading the app only registers functions. */
export function createLazyServices(make: () => Promise<ClosableServices>, log: () => Logger): LazyServices {
  let made: Promise<ClosableServices> | undefined;
  return {
    get: async () => {
      const making = (made ??= make());
      try {
        return (await making).services;
      } catch (error) {
        // A kept rejection would refuse every request until a restart.
        if (made === making) made = undefined;
        throw error;
      }
    },
    log,
    close: async () => {
      const closing = made;
      made = undefined;
      if (closing === undefined) return;
      const outcome = await Promise.allSettled([closing]);
      if (outcome[0].status === 'fulfilled') await outcome[0].value.close();
    },
  };
}
