import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { identityCredential } from './identityCredential.ts';

/** What App Service puts beside an app for its identities. */
const asked: IncomingMessage[] = [];
const endpoint = createServer((request, response) => {
  asked.push(request);
  const expires_on = String(Math.floor(Date.now() / 1000) + 3600);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ access_token: 'a-token', expires_on, resource: 'r', token_type: 'Bearer' }));
});

beforeEach(async () => {
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  const { port } = endpoint.address() as AddressInfo;
  vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${port}/msi/token`);
  vi.stubEnv('IDENTITY_HEADER', 'header-of-the-app');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await new Promise((resolve) => endpoint.close(resolve));
});

it('D1 the app asks App Service for a token of the identity that its client id names', async () => {
  const clientId = '0f8fad5b-d9cb-469f-a165-70867728950e';
  const credential = identityCredential(clientId);
  expect(asked).toHaveLength(0);
  const token = await credential.getToken('https://storage.azure.com/.default');
  expect(token?.token).toBe('a-token');
  const { searchParams } = new URL(asked[0]?.url ?? '', 'http://127.0.0.1');
  expect(Object.fromEntries(searchParams)).toMatchObject({
    client_id: clientId,
    resource: 'https://storage.azure.com',
  });
  expect(asked[0]?.headers['x-identity-header']).toBe('header-of-the-app');
});
