import { describe, expect, it } from 'vitest';
import { createLazyServices } from './lazyServices.ts';
import type { Logger } from './logging.ts';
import type { Services } from './services.ts';

const log = () => ({}) as Logger;

describe('createLazyServices', () => {
  it('P9 makes nothing before the first call, and then one set for all', async () => {
    let made = 0;
    const lazy = createLazyServices(async () => {
      made += 1;
      return { services: { instanceId: String(made) } as Services, close: async () => undefined };
    }, log);
    expect(made).toBe(0);
    const all = await Promise.all([lazy.get(), lazy.get(), lazy.get()]);
    expect(new Set(all).size).toBe(1);
    expect(made).toBe(1);
  });

  it('B9 a failure is not kept: the next call makes them', async () => {
    let attempts = 0;
    const lazy = createLazyServices(async () => {
      attempts += 1;
      if (attempts === 1) throw new Error('the database does not answer');
      return { services: {} as Services, close: async () => undefined };
    }, log);
    await expect(lazy.get()).rejects.toThrow('does not answer');
    await expect(lazy.get()).resolves.toBeDefined();
  });

  it('A6 closes what was made, also what was still being made, once', async () => {
    const events: string[] = [];
    const making = Promise.withResolvers<undefined>();
    const lazy = createLazyServices(async () => {
      await making.promise;
      return {
        services: {} as Services,
        close: async () => {
          events.push('closed');
        },
      };
    }, log);
    const got = lazy.get();
    const closed = Promise.all([lazy.close(), lazy.close()]);
    making.resolve(undefined);
    await Promise.all([got, closed]);
    expect(events).toEqual(['closed']);
  });
});
