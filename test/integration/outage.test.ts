import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessHandlers } from '../../functions/access/index.ts';
import { openDatabase } from '../../functions/platform/database/index.ts';
import { type HostedApp, startHostedApp } from '../support/hosted-app.ts';
import { type SeverableProxy, startSeverableProxy } from '../support/severable-proxy.ts';

let hosted: HostedApp;
let proxy: SeverableProxy;

beforeAll(async () => {
  hosted = await startHostedApp({
    handlers: accessHandlers,
    databaseUrl: async (url) => {
      const { hostname, port } = new URL(url);
      proxy = await startSeverableProxy({ host: hostname, port: Number(port) });
      const through = new URL(url);
      through.port = String(proxy.port);
      return through.href;
    },
    services: (made) => ({
      ...made,
      slices: { ...made.slices, ping: async () => undefined },
      shares: { ...made.shares, ping: async () => undefined },
    }),
  });
});
afterAll(async () => {
  await hosted.close();
  await proxy.close();
});

const health = () => fetch(`${hosted.url}/api/health`);
const users = () =>
  fetch(`${hosted.url}/api/admin/users`, { headers: { authorization: `Bearer ${hosted.admin.token}` } });

describe('while the database is away', () => {
  it('B9 A1 says so with 503 and Retry-After, tells nothing of the inside, and is well again without a restart', async () => {
    expect((await health()).status).toBe(200);
    expect((await users()).status).toBe(200);
    proxy.sever();

    const refused = await users();
    const text = await refused.text();
    expect([refused.status, refused.headers.get('content-type')]).toEqual([503, 'application/problem+json']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(text).not.toMatch(/127\.0\.0\.1|postgres|ECONN|\.ts:/);
    await expect.poll(async () => (await health()).status).toBe(503);
    expect(await (await health()).json()).toMatchObject({
      status: 'unhealthy',
      database: 'disconnected',
      checks: { database: 'failed', queue: 'ok', share: 'ok' },
    });

    proxy.mend();
    await expect.poll(async () => (await health()).status).toBe(200);
    expect((await users()).status).toBe(200);
  });

  it('A3 the log has the reason, under the correlation id that the caller was told', async () => {
    proxy.sever();
    const answer = await users();
    const { correlationId } = (await answer.json()) as { correlationId: string };
    proxy.mend();
    const line = hosted.lines.find((text) => text.includes(correlationId) && text.includes('request failed'));
    expect(line).toBeDefined();
    expect(line).toContain('stack');
  });
});

describe('while the host stops', () => {
  it('A6 a request that waits for the database is answered before its pool is closed', async () => {
    const stopping = await startHostedApp({ handlers: accessHandlers });
    const other = await openDatabase({ url: stopping.database.url, poolMax: 1 });
    const held = Promise.withResolvers<undefined>();
    const locked = Promise.withResolvers<undefined>();
    const holder = other.transaction(async (tx) => {
      await sql`lock table users in access exclusive mode`.execute(tx);
      locked.resolve(undefined);
      await held.promise;
    });
    await locked.promise;
    const authorization = `Bearer ${stopping.admin.token}`;
    const answer = fetch(`${stopping.url}/api/admin/users`, { headers: { authorization } });
    const inUse = () => {
      const { open, idle } = stopping.services.database.poolState();
      return open - idle;
    };
    await expect.poll(inUse).toBe(1);
    const closed = stopping.close();
    held.resolve(undefined);
    expect((await answer).status).toBe(200);
    await Promise.all([holder, other.close()]);
    await closed;
  });
});
