import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints } from '../../shared/contract/index.ts';
import { scaleGroups } from '../../shared/domain/scaleGroups.ts';
import { type FunctionsHost, startFunctionsHost } from '../../local/functions-host/index.ts';

/** The very app that Azure loads, with no setting at all. */
let host: FunctionsHost;
const settings = [
  'DATABASE_URL',
  'AUTH_SECRET',
  'FILES_CONNECTION_STRING',
  'AzureWebJobsStorage',
  'DASHBOARD_DIR',
];

beforeAll(async () => {
  for (const name of settings) Reflect.deleteProperty(process.env, name);
  host = await startFunctionsHost({
    port: 0,
    hostJson: JSON.parse(await readFile(new URL('../../host.json', import.meta.url), 'utf8')),
    loadApp: () => import('../../functions/app.ts'),
    queueConnectionString: 'UseDevelopmentStorage=true',
    log: () => undefined,
  });
});
afterAll(async () => {
  await host.close();
});

describe('functions/app.ts', () => {
  it.each(endpoints.map((endpoint) => [endpoint.name, endpoint] as const))(
    'L3 registers %s, and nothing that comes before it takes its path',
    async (name, { path, method }) => {
      expect(host.functions.map((registered) => registered.name)).toContain(name);
      const body = method === 'GET' ? null : '{}';
      const response = await fetch(host.url + path.replace(/\{\w+\}/g, 'x1'), { method, body });
      expect(response.status).toBe(503);
    },
  );

  it('P9 makes nothing when it is loaded: without settings it loads, and health says what is wrong', async () => {
    const response = await fetch(`${host.url}/api/health`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      status: 'unhealthy',
      database: 'disconnected',
      checks: { settings: 'failed' },
    });
  });

  it('A6 B10 registers as many queues and timers as the database’s workers are reckoned for on Flex Consumption', () => {
    const names = host.functions.map(({ name }) => name);
    const of = (kind: string) => names.filter((name) => name.startsWith(`${kind}-`)).length;
    expect({ timers: of('timer'), queues: of('queue') }).toEqual(scaleGroups);
  });

  it('L5 serves the dashboard, or says that it is not built, for every path that is not the API', async () => {
    const response = await fetch(`${host.url}/runners/r1`);
    expect([200, 404]).toContain(response.status);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect((await fetch(`${host.url}/api/runners`)).headers.get('content-type')).toBe(
      'application/problem+json',
    );
  });
});
