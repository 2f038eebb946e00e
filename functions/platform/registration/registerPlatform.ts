import type { EndpointHandler } from '../http/handler.ts';
import type { LazyServices } from '../lazyServices.ts';
import type { QueueHandler } from '../queues/queue.ts';
import type { DirectTimer } from '../timers/directTimer.ts';
import { operationNamed } from '../telemetry/operationNamed.ts';
import { noTelemetry, type TelemetryOfProcess } from '../telemetry/telemetryOfProcess.ts';
import { type Ended, toldWork } from '../telemetry/toldFunctions.ts';
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
  /** Without it only calls are answered: no timer runs here, and no queue is read. */
  readonly doesBackgroundWork?: boolean;
}

/**
 * Registers every function of the control plane with Azure's library. Makes no services: the first invocation does.
 * The services are closed when the host stops the app, then telemetry, which tells of that.
 */
export function registerPlatform(
  app: FunctionsApp,
  parts: PlatformParts,
  services: LazyServices,
  telemetry: TelemetryOfProcess = noTelemetry,
): void {
  for (const handler of parts.handlers) registerEndpoint(app, handler, services, telemetry);
  if (parts.doesBackgroundWork !== false) registerBackground(app, parts, services, telemetry);
  registerCatchAlls(app, parts.dashboardFolder, services, telemetry);
  // Begun and not awaited: a start must not wait for what watches it.
  app.hook.appStart(() => void telemetry.begun().catch(() => undefined));
  app.hook.appTerminate(async () => {
    await services.close();
    await telemetry.close();
  });
}

function registerBackground(
  app: FunctionsApp,
  parts: PlatformParts,
  services: LazyServices,
  telemetry: TelemetryOfProcess,
): void {
  for (const timer of parts.timers) registerTimer(app, timer, services, telemetry);
  for (const timer of parts.directTimers) registerDirectTimer(app, timer, services, telemetry);
  for (const queue of parts.queues) registerQueue(app, queue, services, telemetry);
}

function registerTimer(
  app: FunctionsApp,
  timer: TimerHandler,
  services: LazyServices,
  telemetry: TelemetryOfProcess,
): void {
  const name = `timer-${timer.name}`;
  const work = async (): Promise<Ended> => {
    const outcome = await runTick(timer, await services.get());
    return { outcome, succeeded: outcome !== 'failed' };
  };
  app.timer(name, {
    schedule: timer.schedule,
    handler: toldWork({ name, trigger: 'timer' }, telemetry, work),
  });
}

function registerDirectTimer(
  app: FunctionsApp,
  timer: DirectTimer,
  services: LazyServices,
  telemetry: TelemetryOfProcess,
): void {
  const name = `timer-${timer.name}`;
  const work = async (): Promise<Ended> => {
    await timer.work(await services.get());
    return { outcome: 'done', succeeded: true };
  };
  app.timer(name, {
    schedule: timer.schedule,
    handler: toldWork({ name, trigger: 'timer' }, telemetry, work),
  });
}

function registerQueue(
  app: FunctionsApp,
  queue: QueueHandler,
  services: LazyServices,
  telemetry: TelemetryOfProcess,
): void {
  const name = `queue-${queue.name}`;
  const work = async (message: unknown): Promise<Ended> => {
    const outcome = await queue.work(await services.get(), message);
    return { outcome, succeeded: true };
  };
  const parentOf = (message: unknown) => {
    const subject = queue.operationOf?.(message);
    return subject === undefined ? undefined : operationNamed(subject);
  };
  app.storageQueue(name, {
    queueName: queue.queueName,
    connection: 'AzureWebJobsStorage',
    handler: toldWork({ name, trigger: 'queue' }, telemetry, work, parentOf),
  });
}
