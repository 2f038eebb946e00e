import { hostname } from 'node:os';
import { openDatabase } from './database/index.ts';
import { followDatabaseClock } from './databaseClock.ts';
import { createIdSource } from './ids.ts';
import { inspectDatabase } from './inspectDatabase.ts';
import type { ClosableServices } from './lazyServices.ts';
import { openLimits } from './limits/limits.ts';
import type { Logger } from './logging.ts';
import { openAzureSliceQueue } from './queues/azureSliceQueue.ts';
import type { Settings } from './settings.ts';
import { openAzureShares } from './storage/azureShares.ts';
import { filesAccessOf } from './storage/filesConnection.ts';
import { hostStorageOf } from './storageAccess.ts';
import { openAzureTables } from './tables/azureTables.ts';
import { watchPool } from './telemetry/measurements.ts';
import { platformVersion } from './version.ts';

/**
 * Everything that work needs, made from the settings. Waits for nothing but, a second at most, the database's clock:
 * parts that do not answer are found by the calls that need them, and mend without a restart. Throws for a setting that cannot be used.
 */
export async function createServices(parts: {
  readonly settings: Settings;
  readonly log: Logger;
  readonly now: () => Date;
}): Promise<ClosableServices> {
  const { settings, log } = parts;
  const database = await openDatabase({
    url: settings.DATABASE_URL,
    poolMax: settings.DB_POOL_MAX,
    statementTimeoutMs: settings.DB_STATEMENT_TIMEOUT,
    log: (message, fields) => log.warn(message, fields),
  });
  const now = await followDatabaseClock(database, parts.now, log);
  const newId = createIdSource(() => now().getTime());
  const hostStorage = hostStorageOf(settings);
  const shares = openAzureShares({
    ...filesAccessOf(settings, log),
    publicEndpoint: settings.FILES_PUBLIC_ENDPOINT,
    sasHours: settings.SAS_HOURS,
    newId,
  });
  const slices = openAzureSliceQueue(hostStorage);
  const tables = openAzureTables(hostStorage);
  const unwatch = watchPool(() => database.poolState());
  const inspected = inspectDatabase(database, log);
  const limits = openLimits({ redisUrl: settings.REDIS_URL, log });
  const instanceId = `${hostname()}-${String(process.pid)}`;
  const services = { settings, database, shares, slices, tables, limits, log, now, newId, instanceId };
  return {
    services: { ...services, version: platformVersion, startedAt: now() },
    close: async () => {
      unwatch();
      await database.close();
      await inspected;
      await limits.close();
    },
  };
}
