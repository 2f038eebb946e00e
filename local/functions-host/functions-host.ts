import type { Log } from '../log.ts';
import { asError } from './as-error.ts';
import { systemClock } from './clock.ts';
import type { HostClock } from './clock.ts';
import { closeHost } from './close-host.ts';
import type { ProgrammingModel } from './core-api.ts';
import { FunctionApp } from './function-app.ts';
import { FunctionRunner } from './function-runner.ts';
import { readHostJson } from './host-json.ts';
import type { AccessKeys } from './http/access-key.ts';
import { HttpFront } from './http/http-front.ts';
import { InFlight } from './in-flight.ts';
import { injectFunctionsCore } from './inject-core.ts';
import { Listeners } from './listeners.ts';
import { readFunctions } from './read-functions.ts';
import type { HostedFunction } from './read-functions.ts';
import type { TimerLease } from './timers/timer-lease.ts';

export interface FunctionsHostOptions {
  /** Imports the app; everything it registers until the promise settles is hosted. */
  readonly loadApp: () => Promise<unknown>;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Content of host.json, parsed; Azure's defaults without it. */
  readonly hostJson?: unknown;
  /** The storage whose queues are polled; needed only where the app has queue functions. */
  readonly queueConnectionString?: string;
  /** IANA name that schedules are meant in; default UTC. */
  readonly timeZone?: string;
  /** Shared by hosts of which only one at a time may run a timer; by default this host is alone and forgets. */
  readonly leases?: TimerLease;
  /** What `%NAME%` in schedules and queue names stands for. */
  readonly settings?: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly clock?: HostClock;
  readonly keys?: AccessKeys;
  /** Default 100 MB, as in Azure. */
  readonly bodyLimitBytes?: number;
  /** Default 230 s, as in Azure. */
  readonly answerLimitMs?: number;
  /** How long a queue message stays invisible after this process died in its function; default 30 s, at least 2. */
  readonly messageVisibilitySeconds?: number;
  /** How long `close` waits for what is running; default 10 s. */
  readonly graceMs?: number;
}

export interface FunctionsHost {
  readonly url: string;
  readonly port: number;
  readonly functions: readonly HostedFunction[];
  /** Runs a timer now, after a run that is under way; its schedule goes on unchanged. Rejects with what the function threw. */
  invokeTimer(name: string): Promise<void>;
  /** Takes no more timer ticks and queue messages, and waits for everything that runs, HTTP too. */
  drain(): Promise<void>;
  /** Stops listening, lets what runs end within the grace period, then cuts the rest. Repeating it waits for the first. */
  close(): Promise<void>;
}

const megabyte = 1024 * 1024;
const longestDelayMs = 2 ** 31 - 1;

/**
 * Runs a function app in this process with Azure's semantics. Rejects with the reason when the app cannot be
 * loaded, registers what Azure would refuse or this host does not serve, or when the port is taken.
 */
export async function startFunctionsHost(options: FunctionsHostOptions): Promise<FunctionsHost> {
  const { log, keys = {}, clock = systemClock, host = '127.0.0.1', graceMs = 10_000 } = options;
  const hostSettings = readHostJson(options.hostJson ?? { version: '2.0' });
  const { app, model } = await loadFunctionApp(options);
  const functions = readFunctions(app, {
    keys,
    timeZone: options.timeZone ?? 'UTC',
    settings: options.settings ?? {},
  });
  const inFlight = new InFlight(Date.now);
  const shared = { app, model, inFlight, nowMs: Date.now };
  const front = new HttpFront({
    ...shared,
    functions: functions.filter((fn) => fn.kind === 'http'),
    routePrefix: hostSettings.routePrefix,
    keys,
    bodyLimitBytes: options.bodyLimitBytes ?? 100 * megabyte,
    answerLimitMs: options.answerLimitMs ?? 230_000,
    log,
  });
  const runner = new FunctionRunner({ ...shared, timeoutMs: hostSettings.functionTimeoutMs });
  const listeners = new Listeners({ ...options, functions, runner, clock, queues: hostSettings.queues });
  await app.hooks.run('appStart', { hookData: app.appHookData, appHookData: app.appHookData });
  const port = await front.listen(host, options.port);
  listeners.start();
  let closing: Promise<void> | undefined;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    functions,
    invokeTimer: (name) => listeners.invokeTimer(name),
    drain: async () => {
      await listeners.stop();
      await inFlight.drained(longestDelayMs);
    },
    close: () => (closing ??= closeHost({ app, front, listeners, inFlight, graceMs, log })),
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
  const capabilities = await app.model.getCapabilities({});
  if (capabilities['HttpUri'] !== undefined) {
    throw new Error(
      'The function app sets enableHttpStream, which this host does not serve. Streams in answers leave as they come without it.',
    );
  }
  return { app, model: app.model };
}
