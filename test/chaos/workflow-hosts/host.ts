import { app } from '@azure/functions';
import { createServices } from '../../../functions/platform/createServices.ts';
import { createLazyServices } from '../../../functions/platform/lazyServices.ts';
import { createLogger } from '../../../functions/platform/logging/jsonLogger.ts';
import { registerPlatform } from '../../../functions/platform/registration/registerPlatform.ts';
import { readSettings } from '../../../functions/platform/settings.ts';
import { slicesQueue, workflowSlices } from '../../../functions/workflows/index.ts';
import { startFunctionsHost } from '../../../local/functions-host/index.ts';
import { copyPeople } from './copyPeople.ts';

/**
 * A functions host with the workflow's queue function, in a process of its own, until it is killed. Says `ready`, and the key
 * of each page that it begins. A message that failed comes again at once.
 */
const settings = readSettings(process.env);
const now = () => new Date();
const log = createLogger({ level: 'error', write: () => undefined, now });
const made = await createServices({ settings, log, now });
const slices = workflowSlices([copyPeople((idempotencyKey) => process.send?.(idempotencyKey))]);
await startFunctionsHost({
  port: 0,
  queueConnectionString: settings.AzureWebJobsStorage ?? '',
  hostJson: {
    version: '2.0',
    extensions: { queues: { maxPollingInterval: '00:00:01', visibilityTimeout: '00:00:00' } },
  },
  log: () => undefined,
  loadApp: () => {
    const lazy = createLazyServices(
      () => Promise.resolve(made),
      () => log,
    );
    const parts = { handlers: [], timers: [], directTimers: [], queues: [slicesQueue(slices)] };
    registerPlatform(app, { ...parts, dashboardFolder: () => '/nonexistent' }, lazy);
    return Promise.resolve();
  },
});
// Whoever started it may be killed too.
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
