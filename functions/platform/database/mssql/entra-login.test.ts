import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type FakeSqlServer, startFakeSqlServer } from '../../../../test/support/tds/fakeSqlServer.ts';
import { classifyDatabaseError, openDatabase } from '../index.ts';
import type { Database } from '../index.ts';

/** The real identity library against an endpoint that gives out tokens as App Service does to a managed identity. */
let identity: Server;
let asked: URL[];
let lifetimeSeconds: number;
let isDown: boolean;
let server: FakeSqlServer;

beforeAll(async () => {
  identity = createServer((request, response) => {
    if (isDown) return void response.writeHead(400).end('{}');
    asked.push(new URL(request.url ?? '', 'http://identity'));
    const token = {
      access_token: `token-${String(asked.length)}`,
      expires_on: String(Math.floor(Date.now() / 1000) + lifetimeSeconds),
      resource: 'https://database.windows.net',
      token_type: 'Bearer',
      client_id: asked.at(-1)?.searchParams.get('client_id') ?? 'own',
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(token));
  });
  identity.listen(0, '127.0.0.1');
  await once(identity, 'listening');
  const { port } = identity.address() as AddressInfo;
  // The library remembers the first address that it found: there is one for all of these tests.
  vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${String(port)}/token`);
  vi.stubEnv('IDENTITY_HEADER', 'the header of this process');
});
afterAll(() => {
  vi.unstubAllEnvs();
  identity.closeAllConnections();
  identity.close();
});
beforeEach(async () => {
  asked = [];
  lifetimeSeconds = 3_600;
  isDown = false;
  server = await startFakeSqlServer();
});
afterEach(() => server.close());

/** The library keeps tokens by the identity, for the whole process: each test has its own. */
async function open(clientId: string): Promise<Database> {
  const query = `&authentication=azure-active-directory-msi-app-service&clientId=${clientId}`;
  const database = await openDatabase({ url: `${server.url}${query}` });
  onTestFinished(() => database.close());
  return database;
}

describe('A6 logging in by a managed identity', () => {
  it('A6 shows the token of the identity that was named, one for all connections', async () => {
    const database = await open('the-apps-own');
    await Promise.all([1, 2, 3].map(() => database.ping()));
    expect(new Set(server.tokens)).toEqual(new Set(['token-1']));
    expect(asked).toHaveLength(1);
    expect(asked[0]?.searchParams.get('client_id')).toBe('the-apps-own');
    expect(asked[0]?.searchParams.get('resource')).toContain('https://database.windows.net');
  });

  it('A6 a connection that is made after the token’s end has a new one', async () => {
    lifetimeSeconds = 1;
    const database = await open('short-lived');
    await database.ping();
    server.cut();
    server.tokens.length = 0;
    lifetimeSeconds = 3_600;
    await vi.waitFor(() => database.ping());
    expect(server.tokens).not.toContain('token-1');
    expect(server.tokens.length).toBeGreaterThan(0);
  });

  it('A6 B9 an identity endpoint that does not answer is a lost connection, and mends without a restart', async () => {
    isDown = true;
    const database = await open('down-at-first');
    const error: unknown = await database.ping().catch((thrown: unknown) => thrown);
    expect(classifyDatabaseError(error)).toEqual({ kind: 'connection', transient: true });
    expect(String(error)).toContain('Security token could not be authenticated');
    isDown = false;
    await database.ping();
  });
});
