import type { AddressInfo } from 'node:net';
import type { Log } from '../log.ts';
import { asError } from './as-error.ts';
import type { ProgrammingModel } from './core-api.ts';
import { FunctionApp } from './function-app.ts';
import { readHostJson } from './host-json.ts';
import type { AccessKeys } from './http/access-key.ts';
import { HttpFront } from './http/http-front.ts';
import { InFlight } from './in-flight.ts';
import { injectFunctionsCore } from './inject-core.ts';
import { readFunctions } from './read-functions.ts';
import type { HostedFunction } from './read-functions.ts';

export interface FunctionsHostOptions {
  /** Imports the app; everything it registers until the promise settles is hosted. */
  readonly loadApp: () => Promise<unknown>;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Content of host.json, parsed; Azure's defaults without it. */
  readonly hostJson?: unknown;
  readonly log: Log;
  readonly keys?: AccessKeys;
  /** Default 100 MB, as in Azure. */
  readonly bodyLimitBytes?: number;
  /** Default 230 s, as in Azure. */
  readonly answerLimitMs?: number;
  /** How long `close` waits for what is running; default 10 s. */
  readonly graceMs?: number;
}

export interface FunctionsHost {
  readonly url: string;
  readonly port: number;
  readonly functions: readonly HostedFunction[];
  /** Takes no more timer ticks and queue messages and waits for everything that runs, HTTP too. */
  drain(): Promise<void>;
  /** Stops listening, lets what runs end within the grace period, then cuts the rest. Repeating it waits for the first. */
  close(): Promise<void>;
}

const megabyte = 1024 * 1024;

/**
 * Runs a function app in this process with Azure's semantics. Rejects with the reason when the app cannot be
 * loaded, registers what Azure would refuse or this host does not serve, or when the port is taken.
 */
export async function startFunctionsHost(options: FunctionsHostOptions): Promise<FunctionsHost> {
  const settings = readHostJson(options.hostJson ?? { version: '2.0' });
  const { log, keys = {} } = options;
  const { app, model } = await loadFunctionApp(options);
  const functions = readFunctions(app, keys);
  const inFlight = new InFlight(Date.now);
  const front = new HttpFront({
    app,
    model,
    functions: functions.http,
    routePrefix: settings.routePrefix,
    keys,
    bodyLimitBytes: options.bodyLimitBytes ?? 100 * megabyte,
    answerLimitMs: options.answerLimitMs ?? 230_000,
    inFlight,
    nowMs: Date.now,
    log,
  });
  await app.hooks.run('appStart', { hookData: app.appHookData, appHookData: app.appHookData });
  const host = options.host ?? '127.0.0.1';
  const port = await listen(front, host, options.port);
  const graceMs = options.graceMs ?? 10_000;
  let closing: Promise<void> | undefined;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    functions: functions.all,
    drain: async () => {
      await inFlight.drained(2 ** 31 - 1);
    },
    close: () => (closing ??= closeHost({ app, front, inFlight, graceMs, log })),
  };
}

async function loadFunctionApp({
  loadApp,
  log,
}: FunctionsHostOptions): Promise<{ app: FunctionApp; model: ProgrammingModel }> {
  const app = new FunctionApp(log);
  try {
    await injectFunctionsCore().load(app, loadApp);
  } catch (error) {
    throw new Error(`The function app could not be loaded: ${asError(error).message}`, { cause: error });
  }
  if (app.model === undefined || app.functions.size === 0) {
    throw new Error(
      'The function app registered no function. Were functions registered before the host was started, or in an earlier load of the same module?',
    );
  }
  await app.model.getCapabilities({});
  return { app, model: app.model };
}

function listen(front: HttpFront, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    front.server.once('error', reject);
    front.server.listen({ host, port }, () => {
      front.server.off('error', reject);
      resolve((front.server.address() as AddressInfo).port);
    });
  });
}

interface Closing {
  readonly app: FunctionApp;
  readonly front: HttpFront;
  readonly inFlight: InFlight;
  readonly graceMs: number;
  readonly log: Log;
}

async function closeHost({ app, front, inFlight, graceMs, log }: Closing): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    front.server.close(() => {
      resolve();
    });
  });
  front.server.closeIdleConnections();
  if (!(await inFlight.drained(graceMs))) {
    log('warning', 'The grace period ended before everything that ran.', { graceMs, running: inFlight.size });
  }
  front.server.closeAllConnections();
  await closed;
  inFlight.stop();
  await app.hooks.run('appTerminate', { hookData: app.appHookData, appHookData: app.appHookData });
}
