import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Allowance, Limit } from './limits.ts';

/** A limit that this process counts alone; a window begins with the first that is counted. */
export function localLimit(name: string, { points, seconds }: Allowance): Limit {
  const limiter = new RateLimiterMemory({ keyPrefix: name, points, duration: seconds });
  return {
    take: (key) => waitOf(limiter.consume(key)),
    forgive: async (key) => {
      await limiter.delete(key);
    },
  };
}

/** The library tells by a rejection that is no error how long to wait. */
export async function waitOf(consumed: Promise<unknown>): Promise<{ waitMs: number } | undefined> {
  try {
    await consumed;
    return undefined;
  } catch (answer) {
    if (answer instanceof RateLimiterRes) return { waitMs: answer.msBeforeNext };
    throw answer;
  }
}
