import { readFile } from 'node:fs/promises';
import { ensureFirstAdmin } from '../../functions/access/index.ts';
import { migrate, openDatabase } from '../../functions/platform/database/index.ts';
import { readSettings } from '../../functions/platform/settings.ts';
import type { localPlatform } from '../../shared/settings/localPlatform.ts';
import { blobTimerLease, startFunctionsHost } from '../functions-host/index.ts';
import { lineLog } from '../platform/line-log.ts';

/**
 * The control plane of the local platform, in a process of its own: migrates the database, makes the first account,
 * then runs the very registrations that Azure runs. Prints `ready <url>` when it listens. Settings come from the
 * environment, under Azure's own names.
 */
async function main(): Promise<void> {
  const log = lineLog('host');
  const settings = readSettings(process.env);
  const { AzureWebJobsStorage: connectionString } = settings;
  // Azure's own host also goes by identity; on one machine there is none.
  if (connectionString === undefined) throw new Error('Setting AzureWebJobsStorage is missing');
  const database = await openDatabase({ url: settings.DATABASE_URL, poolMax: 2 });
  await migrate(database);
  await ensureFirstAdmin(database, {
    email: wanted('LOCAL_OPERATOR_EMAIL'),
    password: wanted('LOCAL_OPERATOR_PASSWORD'),
    token: wanted('LOCAL_OPERATOR_TOKEN'),
    authSecret: settings.AUTH_SECRET,
    now: new Date(),
  });
  await database.close();
  const host = await startFunctionsHost({
    loadApp: () => import('../../functions/app.ts'),
    port: Number(wanted('LOCAL_PORT')),
    hostJson: JSON.parse(await readFile(new URL('../../host.json', import.meta.url), 'utf8')),
    queueConnectionString: connectionString,
    leases: blobTimerLease({ connectionString, log, leaseSeconds: 15 }),
    log,
  });
  process.stdout.write(`ready ${host.url}\n`);
  stopOnSignal(async () => {
    await host.close();
  });
}

function wanted(name: keyof typeof localPlatform.settings): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`Setting ${name} is missing`);
  return value;
}

function stopOnSignal(stop: () => Promise<void>): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void stop().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`stopping failed: ${String(error)}\n`);
          process.exit(1);
        },
      );
    });
  }
}

await main();
