import { afterEach, expect, it, vi } from 'vitest';
import { startFunctionsHost } from '../../local/functions-host/index.ts';

afterEach(() => vi.unstubAllEnvs());

it('A3 the app does not start in production on a placeholder AUTH_SECRET', async () => {
  vi.stubEnv('NODE_ENV', 'production');
  vi.stubEnv('AUTH_SECRET', 'change-me-change-me-change-me-change-me-change-me');
  // Another file of this process may have loaded the app, with a good secret: this is a module of its own.
  const { href } = new URL('../../functions/app.ts?refusal', import.meta.url);
  const starting = startFunctionsHost({
    port: 0,
    loadApp: () => import(href),
    queueConnectionString: 'UseDevelopmentStorage=true',
    log: () => undefined,
  });
  await expect(starting).rejects.toThrow(/AUTH_SECRET/);
});
