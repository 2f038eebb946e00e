import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessHandlers } from '../../functions/access/index.ts';
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
    await expect.poll(async () => (await health()).status, { timeout: 10_000 }).toBe(503);
    expect(await (await health()).json()).toMatchObject({
      status: 'unhealthy',
      database: 'disconnected',
      checks: { database: 'failed', queue: 'ok', share: 'ok' },
    });

    proxy.mend();
    await expect.poll(async () => (await health()).status, { timeout: 10_000 }).toBe(200);
    expect((await users()).status).toBe(200);
  }, 40_000);

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
