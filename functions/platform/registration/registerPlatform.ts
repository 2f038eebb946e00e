import type { EndpointHandler } from '../http/handler.ts';
import type { LazyServices } from '../lazyServices.ts';
import type { QueueHandler } from '../queues/queue.ts';
import type { DirectTimer } from '../timers/directTimer.ts';
import { runTick } from '../timers/runTick.ts';
import type { TimerHandler } from '../timers/timer.ts';
import { type FunctionsApp, registerCatchAlls, registerEndpoint } from './registerHttp.ts';

/** What the capabilities bring. */
export interface PlatformParts {
  readonly handlers: readonly EndpointHandler[];
  readonly timers: readonly TimerHandler[];
  readonly directTimers: readonly DirectTimer[];
  readonly queues: readonly QueueHandler[];
  /** Where the dashboard was built; asked at each request. */
  readonly dashboardFolder: () => string;
}

/**
 * Registers every function of the control plane with Azure's library. Makes no services: the first invocation does.
 * The services are closed when the host stops the app.
 */
export function registerPlatform(app: FunctionsApp, parts: PlatformParts, services: LazyServices): void {
  for (const handler of parts.handlers) registerEndpoint(app, handler, services);
  for (const timer of parts.timers) registerTimer(app, timer, services);
  for (const timer of parts.directTimers) registerDirectTimer(app, timer, services);
  for (const queue of parts.queues) registerQueue(app, queue, services);
  registerCatchAlls(app, parts.dashboardFolder);
  app.hook.appTerminate(() => services.close());
}

function registerTimer(app: FunctionsApp, timer: TimerHandler, services: LazyServices): void {
  app.timer(`timer-${timer.name}`, {
    schedule: timer.schedule,
    handler: async () => {
      await runTick(timer, await services.get());
    },
  });
}

function registerDirectTimer(app: FunctionsApp, timer: DirectTimer, services: LazyServices): void {
  app.timer(`timer-${timer.name}`, {
    schedule: timer.schedule,
    handler: async () => {
      await timer.work(await services.get());
    },
  });
}

function registerQueue(app: FunctionsApp, queue: QueueHandler, services: LazyServices): void {
  app.storageQueue(`queue-${queue.name}`, {
    queueName: queue.queueName,
    connection: 'AzureWebJobsStorage',
    handler: async (message) => {
      await queue.work(await services.get(), message);
    },
  });
}
