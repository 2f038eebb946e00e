import { app } from '@azure/functions';
import { afterEach, expect, it } from 'vitest';
import { startFunctionsHost } from './functions-host.ts';
import type { FunctionsHost, FunctionsHostOptions } from './functions-host.ts';

const hosts: FunctionsHost[] = [];
const lines: string[] = [];

afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
  lines.length = 0;
});

async function start(
  register: () => void,
  options: Partial<FunctionsHostOptions> = {},
): Promise<FunctionsHost> {
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
}

it('L3 serves what the app registered, with parameters as strings and repeated query values joined', async () => {
  const host = await start(() => {
    app.http('show', {
      route: 'api/runs/{id:int}',
      handler: async (request) => ({ jsonBody: { id: request.params['id'], a: request.query.get('a') } }),
    });
  });
  const answer = await fetch(`${host.url}/API/Runs/7?a=1&a=2`);
  expect(await answer.json()).toEqual({ id: '7', a: '1,2' });
  expect((await fetch(`${host.url}/api/runs/seven`)).status).toBe(404);
});
