import { readFile } from 'node:fs/promises';
import { app } from '@azure/functions';
import { createLazyServices } from '../../../functions/platform/lazyServices.ts';
import { registerPlatform } from '../../../functions/platform/registration/registerPlatform.ts';
import { slicesQueue } from '../../../functions/workflows/index.ts';
import { startFunctionsHost } from '../../../local/functions-host/index.ts';
import { type Engine, openServices, runsPerSecond, slices } from './engine.ts';

/** The engine in the local Functions host, driven by Azurite's queue, as `npm start` runs it. */
export async function openHostedEngine(
  databaseUrl: string,
  storage: string,
): Promise<Pick<Engine, 'runsPerSecond' | 'close'>> {
  const { services, close } = await openServices(databaseUrl, storage);
  const host = await startFunctionsHost({
    port: 0,
    queueConnectionString: storage,
    hostJson: JSON.parse(await readFile(new URL('../../../host.json', import.meta.url), 'utf8')),
    log: () => undefined,
    loadApp: async () => {
      const lazy = createLazyServices(
        async () => ({ services, close }),
        () => services.log,
      );
      const parts = { handlers: [], timers: [], directTimers: [], dashboardFolder: () => '/nonexistent' };
      registerPlatform(app, { ...parts, queues: [slicesQueue(slices)] }, lazy);
    },
  });
  return {
    // Whoever polls the queue works on what was sent.
    runsPerSecond: (runs, atOnce) =>
      runsPerSecond(services, { runs, atOnce, afterStart: () => Promise.resolve() }),
    close: async () => {
      await host.close();
      await close();
    },
  };
}
