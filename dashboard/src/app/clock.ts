import { createStore, type Store } from './store.ts';

const TICK_MS = 1000;

/** The server's time, so that a wrong clock on this machine shows no wrong ages; ticks each second while watched. */
export interface Clock extends Pick<Store<number>, 'read' | 'subscribe'> {
  /** Takes the `now` of an answer. */
  observe(serverNow: string): void;
  /** This machine's own time, for ages of what was seen here. */
  localNow(): number;
}

export function createClock(now: () => number): Clock {
  const tick = createStore(now());
  let offsetMs = 0;
  let watchers = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    localNow: now,
    read: tick.read,
    subscribe: (listener) => {
      const unsubscribe = tick.subscribe(listener);
      watchers += 1;
      timer ??= setInterval(() => tick.write(now() + offsetMs), TICK_MS);
      return () => {
        unsubscribe();
        watchers -= 1;
        if (watchers > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    observe: (serverNow) => {
      const offset = Date.parse(serverNow) - now();
      // Less than this is the way here and back, not a wrong clock.
      offsetMs = Math.abs(offset) < 2 * TICK_MS ? 0 : offset;
    },
  };
}
