import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { app } from '@azure/functions';
import { ensureFirstAdmin } from '../../functions/access/index.ts';
import { createServices } from '../../functions/platform/createServices.ts';
import { createLazyServices } from '../../functions/platform/lazyServices.ts';
import { createLogger } from '../../functions/platform/logging/jsonLogger.ts';
import {
  type PlatformParts,
  registerPlatform,
} from '../../functions/platform/registration/registerPlatform.ts';
import type { Services } from '../../functions/platform/services.ts';
import { tellLine } from '../../functions/platform/telemetry/logLines.ts';
import type { TelemetryOfProcess } from '../../functions/platform/telemetry/telemetryOfProcess.ts';
import { readSettings } from '../../functions/platform/settings.ts';
import { startFunctionsHost } from '../../local/functions-host/index.ts';
import { openTestDatabase, type TestDatabase } from './database.ts';

export interface HostedApp {
  readonly url: string;
  readonly database: TestDatabase;
  readonly services: Services;
  readonly admin: {
    readonly email: string;
    readonly password: string;
    readonly token: string;
    readonly userId: string;
  };
  readonly ciSecret: string;
  readonly workflowKey: string;
  /** Every line that the app logged. */
  readonly lines: string[];
  /** Runs a timer now. */
  invokeTimer(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface HostedAppOptions extends Partial<PlatformParts> {
  readonly settings?: Readonly<Record<string, string>>;
  /** The storage whose queues the host polls, when the app has queue functions. */
  readonly queueConnectionString?: string;
  /** Another way to the same database, for instance through a proxy. */
  readonly databaseUrl?: (url: string) => Promise<string>;
  readonly telemetry?: TelemetryOfProcess;
  /** Parts that stand in the place of those made from the settings. */
  readonly services?: (made: Services) => Services;
}

const random = (): string => randomBytes(33).toString('base64url');

/** The control plane on the local functions host and a database of its own, with a first admin. Storage is absent unless settings name one. */
export async function startHostedApp(options: HostedAppOptions = {}): Promise<HostedApp> {
  const database = await openTestDatabase();
  const lines: string[] = [];
  const secrets = {
    AUTH_SECRET: random() + random(),
    DATASYNC_CI_UPLOAD_SECRET: random(),
    WORKFLOW_API_KEY: random(),
  };
  const settings = readSettings({
    DATABASE_URL: (await options.databaseUrl?.(database.url)) ?? database.url,
    FILES_CONNECTION_STRING: 'FileEndpoint=http://127.0.0.1:9/a;AccountName=a;AccountKey=c2VjcmV0LWtleQ==',
    AzureWebJobsStorage:
      'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=c2VjcmV0LWtleQ==;QueueEndpoint=http://127.0.0.1:9/a;TableEndpoint=http://127.0.0.1:9/a',
    NODE_ENV: 'test',
    // Tests of all kinds call from one address.
    ANONYMOUS_REQUESTS_PER_MINUTE: '100000',
    AGENT_REQUESTS_PER_MINUTE: '100000',
    NOTIFY_ALLOW_PRIVATE_ADDRESSES: 'true',
    ...secrets,
    ...options.settings,
  });
  const now = () => new Date();
  const log = createLogger({ level: 'debug', write: (line) => lines.push(line), tell: tellLine, now });
  const admin = { email: 'admin@example.org', password: 'a long enough password', token: `dst_${random()}` };
  const { userId } = await ensureFirstAdmin(database, {
    ...admin,
    authSecret: settings.AUTH_SECRET,
    now: now(),
  });
  await options.telemetry?.begun();
  const made = await createServices({ settings, log, now });
  // A test may shift the clock of its process, while the database's goes on.
  const clocked = { ...made.services, now };
  // The test's own database looks at every statement with the other dialect's eyes.
  const own = options.databaseUrl === undefined ? { ...clocked, database } : clocked;
  const services = options.services?.(own) ?? own;
  const host = await startFunctionsHost({
    port: 0,
    ...(options.queueConnectionString === undefined
      ? {}
      : { queueConnectionString: options.queueConnectionString }),
    hostJson: JSON.parse(await readFile(new URL('../../host.json', import.meta.url), 'utf8')),
    log: (level, message, fields) => lines.push(JSON.stringify({ level, message, ...fields })),
    loadApp: async () => {
      const lazy = createLazyServices(
        async () => ({ services, close: made.close }),
        () => log,
      );
      registerPlatform(
        app,
        {
          handlers: options.handlers ?? [],
          timers: options.timers ?? [],
          directTimers: options.directTimers ?? [],
          queues: options.queues ?? [],
          dashboardFolder: options.dashboardFolder ?? (() => '/nonexistent'),
        },
        lazy,
        options.telemetry,
      );
    },
  });
  return {
    url: host.url,
    database,
    services,
    admin: { ...admin, userId },
    ciSecret: settings.DATASYNC_CI_UPLOAD_SECRET,
    workflowKey: settings.WORKFLOW_API_KEY ?? '',
    lines,
    invokeTimer: (name) => host.invokeTimer(name),
    close: async () => {
      await host.close();
      await made.close();
      await database.close();
    },
  };
}
