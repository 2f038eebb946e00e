import { access } from './access.ts';
import { alerts } from './alerts.ts';
import { connectors } from './connectors.ts';
import { database } from './database.ts';
import { fleet } from './fleet.ts';
import { functionsHost } from './functionsHost.ts';
import { limits } from './limits.ts';
import { logs } from './logs.ts';
import { registers } from './registers.ts';
import { runs } from './runs.ts';
import type { Family } from './setting.ts';
import { storage } from './storage.ts';
import { telemetry } from './telemetry.ts';

/** Every setting that the functions read. */
export const functionSettings = {
  ...database.settings,
  ...storage.settings,
  ...access.settings,
  ...limits.settings,
  ...functionsHost.settings,
  ...fleet.settings,
  ...runs.settings,
  ...logs.settings,
  ...alerts.settings,
  ...connectors.settings,
  ...registers.settings,
  ...telemetry.settings,
};

export const functionFamilies: readonly Family[] = [
  database,
  storage,
  access,
  limits,
  functionsHost,
  fleet,
  runs,
  logs,
  alerts,
  connectors,
  registers,
  telemetry,
];
