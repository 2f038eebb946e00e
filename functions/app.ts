import { join } from 'node:path';
import { app } from '@azure/functions';
import { accessHandlers } from './access/index.ts';
import { alertHandlers, alertTimers, databaseWatchTimer } from './alerts/index.ts';
import { archiveHandlers, reconcileWork } from './archive/index.ts';
import { auditHandlers, auditTimers } from './audit/index.ts';
import { workflows } from './connectors/index.ts';
import { logHandlers, logRetentionTimer } from './logs/index.ts';
import { observatoryHandlers } from './observatory/index.ts';
import { openApiHandler } from './platform/openapi/handler.ts';
import { servicesOfProcess } from './platform/processServices.ts';
import { registerPlatform } from './platform/registration/registerPlatform.ts';
import { refuseWeakAuthSecret } from './platform/settings.ts';
import { telemetryOfProcess } from './platform/telemetry/telemetryOfProcess.ts';
import type { TimerHandler } from './platform/timers/timer.ts';
import {
  type AllTimers,
  sweeperHandlers,
  sweeperTimers,
  timerWatch,
  workflowSweepers,
} from './sweepers/index.ts';
import { slicesQueue, workflowHandlers, workflowSlices, workflowTimers } from './workflows/index.ts';

const write = (line: string) => process.stdout.write(`${line}\n`);
const services = servicesOfProcess(process.env, write);
const telemetry = telemetryOfProcess(process.env, () => services.log());

app.hook.appStart(() => refuseWeakAuthSecret(process.env));

const allTimers: AllTimers = () => timers;
const timers: readonly TimerHandler[] = [
  ...sweeperTimers,
  ...workflowSweepers(workflows),
  ...workflowTimers(workflows),
  ...alertTimers,
  ...auditTimers({ timers: allTimers }),
  logRetentionTimer,
  timerWatch(allTimers),
];

registerPlatform(
  app,
  {
    handlers: [
      ...accessHandlers,
      ...alertHandlers,
      ...archiveHandlers,
      ...observatoryHandlers,
      ...auditHandlers({ timers: allTimers }),
      ...logHandlers,
      ...sweeperHandlers(allTimers),
      ...workflowHandlers(workflows),
      openApiHandler,
    ],
    timers,
    directTimers: [databaseWatchTimer],
    queues: [slicesQueue([reconcileWork, ...workflowSlices(workflows)])],
    // The deployed app holds its dashboard beside the bundle.
    dashboardFolder: () => process.env['DASHBOARD_DIR'] ?? join(import.meta.dirname, 'dashboard'),
    // As z.stringbool reads it; a value that is neither is readSettings' to refuse.
    doesBackgroundWork: !/^(?:false|0|no|off|n|disabled)$/i.test(process.env['BACKGROUND_WORK'] ?? ''),
  },
  services,
  telemetry,
);

/** For a host that ends the app without ending the process. Idempotent. */
export const closeServices = async (): Promise<void> => {
  await services.close();
  await telemetry.close();
};
