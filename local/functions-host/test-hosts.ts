/** Starts hosts for tests and ends them; what they logged can be read. */
import { app } from '@azure/functions';
import type { HttpHandler } from '@azure/functions';
import { afterEach, beforeEach } from 'vitest';
import { startFunctionsHost } from './functions-host.ts';
import type { FunctionsHost, FunctionsHostOptions } from './functions-host.ts';

export interface TestHosts {
  /** `level: message` of each line since the test began. */
  readonly lines: string[];
  start(register: () => void, options?: Partial<FunctionsHostOptions>): Promise<FunctionsHost>;
  /** A host with one function for GET, HEAD and POST /x. */
  serveOne(handler: HttpHandler, options?: Partial<FunctionsHostOptions>): Promise<FunctionsHost>;
}

/** To be called once at the top of a test file. */
export function useTestHosts(): TestHosts {
  const hosts: FunctionsHost[] = [];
  const lines: string[] = [];
  beforeEach(() => {
    lines.length = 0;
  });
  afterEach(async () => {
    await Promise.all(hosts.splice(0).map((host) => host.close()));
  });
  const start: TestHosts['start'] = async (register, options = {}) => {
    const host = await startFunctionsHost({
      port: 0,
      hostJson: { version: '2.0', extensions: { http: { routePrefix: '' } } },
      log: (level, message) => lines.push(`${level}: ${message}`),
      loadApp: async () => {
        register();
      },
      ...options,
    });
    hosts.push(host);
    return host;
  };
  const serveOne: TestHosts['serveOne'] = (handler, options) =>
    start(() => {
      app.http('only', { route: 'x', methods: ['GET', 'HEAD', 'POST'], handler });
    }, options);
  return { lines, start, serveOne };
}
