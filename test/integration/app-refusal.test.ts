import { expect, it } from 'vitest';
import { startFunctionsHost } from '../../local/functions-host/index.ts';

it('A3 the app does not start in production on a placeholder AUTH_SECRET', async () => {
  process.env['NODE_ENV'] = 'production';
  process.env['AUTH_SECRET'] = 'change-me-change-me-change-me-change-me-change-me';
  const starting = startFunctionsHost({
    port: 0,
    loadApp: () => import('../../functions/app.ts'),
    queueConnectionString: 'UseDevelopmentStorage=true',
    log: () => undefined,
  });
  await expect(starting).rejects.toThrow(/AUTH_SECRET/);
});
