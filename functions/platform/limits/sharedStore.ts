import { setImmediate as immediate, setTimeout as delay } from 'node:timers/promises';
import type { RedisClientType } from 'redis';
import { redisAddress } from './redisAddress.ts';

export interface SharedStore {
  /** Does `work` on Redis; undefined where it does not answer in time, and for some seconds after that. */
  attempt<T>(work: (client: RedisClientType) => Promise<T>): Promise<{ readonly value: T } | undefined>;
  close(): Promise<void>;
}

/** A request does not wait longer for being counted. */
const ANSWER_MS = 1_000;
/** The first one also loads the library and connects. */
const FIRST_ANSWER_MS = 5_000;
/** After a failure requests are not held up for so long; then one of them asks again. */
const REST_MS = 3_000;
/** Azure closes connections that are idle for ten minutes. */
const PING_EVERY_MS = 4 * 60_000;

/**
 * Redis as far as limits need it. `tell` hears of each failure, and of undefined after a success. The library is loaded, and
 * the connection made, by the first attempt; connections that break are made anew by it without anybody asking.
 */
export function openSharedStore(url: string, tell: (error: unknown) => void): SharedStore {
  let connecting: Promise<RedisClientType> | undefined;
  let restUntil = 0;
  let failures = 0;
  let answerMs = FIRST_ANSWER_MS;
  return {
    attempt: async (work) => {
      if (performance.now() < restUntil) return undefined;
      const failuresBefore = failures;
      try {
        const answering = (connecting ??= connect(url)).then(work);
        const value = await within(answering, answerMs);
        answerMs = ANSWER_MS;
        // What began before another failed says nothing about how it is now.
        if (failures === failuresBefore) tell(undefined);
        return { value };
      } catch (error) {
        failures++;
        restUntil = performance.now() + REST_MS;
        tell(error);
        return undefined;
      }
    },
    close: async () => {
      const client = await connecting?.catch(() => undefined);
      client?.destroy();
    },
  };
}

/** A client that goes on trying to connect by itself; until it has, it refuses commands at once. */
async function connect(url: string): Promise<RedisClientType> {
  const { createClient } = await import('redis');
  const client: RedisClientType = createClient({
    ...redisAddress(url),
    disableOfflineQueue: true,
    pingInterval: PING_EVERY_MS,
    socket: { connectTimeout: 2_000 },
  });
  const refused = new Promise((resolve) => client.on('error', resolve)); // whoever counts meets it
  const connected = client.connect();
  connected.catch(() => undefined); // it was closed before
  await Promise.race([connected, refused]);
  return client;
}

async function within<T>(work: Promise<T>, limitMs: number): Promise<T> {
  const ended = new AbortController();
  const tooLate = delay(limitMs, undefined, { signal: ended.signal })
    .then(() => immediate()) // of a process that stood still itself: an answer may be there
    .then(() => {
      throw new Error(`Redis did not answer within ${String(limitMs)} ms`);
    });
  tooLate.catch(() => undefined);
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    ended.abort();
  }
}
