import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { accessHandlers } from '../../functions/access/index.ts';
import { archiveHandlers } from '../../functions/archive/index.ts';
import { observatoryHandlers } from '../../functions/observatory/index.ts';
import { hashAgentKey } from '../../functions/platform/http/authentication/secretHash.ts';
import { type ApiAnswer, callApi } from '../support/call-api.ts';
import { type HostedApp, startHostedApp } from '../support/hosted-app.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

let redis: TestRedis;
let hosts: readonly [HostedApp, HostedApp];

beforeAll(async () => {
  redis = await startRedis();
  const start = () =>
    startHostedApp({
      handlers: [...accessHandlers, ...archiveHandlers, ...observatoryHandlers],
      settings: {
        REDIS_URL: redis.url,
        ANONYMOUS_REQUESTS_PER_MINUTE: '60',
        AGENT_REQUESTS_PER_MINUTE: '90',
        // The host stands for App Service's front end, and the tests for another proxy in front of it.
        TRUSTED_PROXIES: '2',
      },
    });
  hosts = [await start(), await start()];
  for (const host of hosts) await untilShared(host);
});
afterAll(async () => {
  await Promise.all(hosts.map((host) => host.close()));
  await redis.close();
});

const said = (host: HostedApp, text: string) => host.lines.filter((line) => line.includes(text)).length;
const AWAY = 'limits are counted by each host alone';
const BACK = 'limits are shared';

/** Until a host counts in Redis: it has said that it does again, or never that it does not. */
async function untilShared(host: HostedApp): Promise<void> {
  const ask = async () => {
    await call({ client: newClient(), host });
    expect(said(host, AWAY)).toBe(said(host, BACK));
  };
  await vi.waitFor(ask, { timeout: 60_000, interval: 100 });
}

let clients = 0;
/** An address of its own for each test, as the proxy in front saw it. */
const newClient = () => `203.0.113.${String((clients += 1))}`;

interface Call {
  readonly client: string;
  readonly host?: HostedApp;
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly post?: object;
}

async function call({ client, host = hosts[0], headers = {}, path = '/api/fleet', post }: Call) {
  return callApi(host.url, path, {
    headers: { 'x-forwarded-for': client, ...headers },
    ...(post !== undefined && { method: 'POST', body: post }),
  });
}

/** How often each status was answered. */
async function statuses(count: number, of: (index: number) => Promise<ApiAnswer>) {
  const answers = await Promise.all(Array.from({ length: count }, (_, index) => of(index)));
  const counted: Record<number, number> = {};
  for (const { status } of answers) counted[status] = (counted[status] ?? 0) + 1;
  return counted;
}

describe('A4 requests of one client', () => {
  it('A4 sixty a minute without credentials, in total over all hosts; then 429 with the time to wait', async () => {
    const client = newClient();
    const counted = await statuses(80, (index) => call({ client, host: hosts[index % 2 === 0 ? 0 : 1] }));
    expect(counted).toEqual({ 401: 60, 429: 20 });
    for (const host of hosts) {
      const refused = await call({ client, host });
      expect(refused.body).toMatchObject({ code: 'too-many-requests', status: 429 });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    }
    expect((await call({ client: newClient() })).status).toBe(401);
  });

  it('A4 B53 addresses that a client invents before its own do not help it, nor others of its /64', async () => {
    const client = newClient();
    const invented = (index: number) => `198.51.100.${String(index)}, ${client}`;
    expect(await statuses(61, (index) => call({ client: invented(index) }))).toEqual({ 401: 60, 429: 1 });
    const network = (index: number) => `2001:db8:7:7::${index.toString(16)}`;
    expect(await statuses(61, (index) => call({ client: network(index) }))).toEqual({ 401: 60, 429: 1 });
  });

  it('A4 B53 wrong credentials count as none', async () => {
    const client = newClient();
    const guess = (index: number) => ({ authorization: `Bearer dst_guess${String(index)}` });
    const counted = await statuses(61, (index) => call({ client, headers: guess(index) }));
    expect(counted).toEqual({ 401: 60, 429: 1 });
  });

  it('A4 paths and methods that no endpoint takes are counted too, with all others of that client', async () => {
    const client = newClient();
    const paths = ['/api/nothing', '/api/fleet/nothing', '/api/fleet'];
    const ask = (index: number) => {
      const path = paths[index % 3] ?? '';
      return call({ client, path, ...(path === '/api/fleet' && { post: {} }) });
    };
    expect(await statuses(61, ask)).toEqual({ 404: 60, 429: 1 });
    expect((await call({ client })).status).toBe(429);
    const headers = { authorization: `Bearer ${hosts[0].admin.token}` };
    expect((await call({ client, headers, path: '/api/nothing' })).status).toBe(404);
    expect(
      (await call({ client, headers: { authorization: 'Bearer dst_guess' }, path: '/api/nothing' })).status,
    ).toBe(429);
  });

  it('A4 who shows who they are is not slowed down by others at the same address', async () => {
    const client = newClient();
    await statuses(61, () => call({ client }));
    const headers = { authorization: `Bearer ${hosts[0].admin.token}` };
    expect(await statuses(100, () => call({ client, headers }))).toEqual({ 200: 100 });
  });

  it('A4 each agent has a larger budget of its own, and so have those that ask for approval', async () => {
    const client = newClient();
    const keys = ['first-key', 'second-key'];
    for (const key of keys) await addRunner(hosts[0], key);
    const beat = (key = '') => {
      const headers = { authorization: `Bearer ${key}` };
      return call({ client, headers, path: '/api/agents/heartbeat', post: {} });
    };
    expect(await statuses(91, () => beat(keys[0]))).toEqual({ 400: 90, 429: 1 });
    expect((await beat(keys[1])).status).toBe(400);
    const enrol = () => call({ client, path: '/api/agents/enrol', post: {} });
    expect(await statuses(91, enrol)).toEqual({ 400: 90, 429: 1 });
  });

  it('A4 attempts to sign in are counted over all hosts', async () => {
    const client = newClient();
    const post = { email: 'nobody@example.org', password: 'a wrong password' };
    const attempt = (index: number) =>
      call({ client, host: hosts[index % 2 === 0 ? 0 : 1], path: '/api/session', post });
    expect(await statuses(12, attempt)).toEqual({ 401: 10, 429: 2 });
  });
});

describe('A4 without Redis', () => {
  it.each([
    ['is gone', () => redis.kill(), () => redis.start()],
    ['falls silent', async () => redis.pause(), async () => redis.goOn()],
  ])(
    'A4 B9 when it %s each host counts alone, says so once, and is back by itself',
    async (_, goes, returns) => {
      for (const host of hosts) host.lines.length = 0;
      await goes();
      const client = newClient();
      for (const host of hosts)
        expect(await statuses(61, () => call({ client, host }))).toEqual({ 401: 60, 429: 1 });
      expect(hosts.map((host) => said(host, AWAY))).toEqual([1, 1]);
      await returns();
      for (const host of hosts) await untilShared(host);
      expect(hosts.map((host) => said(host, BACK))).toEqual([1, 1]);
      const other = newClient();
      const counted = await statuses(70, (index) =>
        call({ client: other, host: hosts[index % 2 === 0 ? 0 : 1] }),
      );
      expect(counted).toEqual({ 401: 60, 429: 10 });
    },
  );
});

async function addRunner({ database }: HostedApp, key: string): Promise<void> {
  const at = new Date();
  const key_hash = hashAgentKey(key);
  const { organization_id } = await database.db
    .selectFrom('users')
    .select('organization_id')
    .executeTakeFirstOrThrow();
  const names = { name: key, host_name: 'pc', platform: 'linux', time_zone: 'UTC', share_name: key };
  const state = { status: 'active', generation: 1, version: 1, created_at: at, updated_at: at } as const;
  await database.db
    .insertInto('runners')
    .values({ id: key, organization_id, key_hash, key_slot: key_hash, ...names, ...state })
    .execute();
}
