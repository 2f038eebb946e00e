import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { Allowance, Limit } from './limits.ts';
import { waitOf } from './localLimit.ts';
import type { SharedStore } from './sharedStore.ts';

/** A limit that all hosts count in Redis, and each for itself (`alone`) while that does not answer. */
export function sharedLimit(
  name: string,
  { points, seconds }: Allowance,
  store: SharedStore,
  alone: Limit,
): Limit {
  let limiter: RateLimiterRedis | undefined;
  const together = <T>(work: (limiter: RateLimiterRedis) => Promise<T>) =>
    store.attempt((client) => {
      limiter ??= new RateLimiterRedis({
        storeClient: client,
        useRedisPackage: true, // it would guess by the name of a class, which bundling changes
        rejectIfRedisNotReady: true,
        keyPrefix: `datasync:${name}`,
        points,
        duration: seconds,
        // Who was refused is refused here for the rest of the window: a flood does not reach Redis.
        inMemoryBlockOnConsumed: points + 1,
      });
      return work(limiter);
    });
  return {
    take: async (key) => {
      const answer = await together((shared) => waitOf(shared.consume(key)));
      return answer === undefined ? alone.take(key) : answer.value;
    },
    forgive: async (key) => {
      await together((shared) => shared.delete(key));
      await alone.forgive(key);
    },
  };
}
