import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createClient } from '../../../shared/client/index.ts';
import { endpoint } from '../../../shared/contract/endpoint.ts';
import { noParams, nothing, noQuery } from '../../../shared/contract/fields.ts';
import { z } from 'zod';
import { createClock } from './clock.ts';
import { createConnection } from './connection.ts';
import { watchedClient } from './watchedClient.ts';

const asked = endpoint({
  name: 'asked',
  summary: 'For this test',
  method: 'GET',
  path: '/api/asked',
  callers: ['public'],
  params: noParams,
  query: noQuery,
  body: nothing,
  response: z.object({ now: z.string() }),
});

const HERE = Date.parse('2026-04-13T02:00:00.000Z');
const THERE = '2026-04-13T05:00:00.000Z';

describe('watchedClient', () => {
  let server: Server;
  let answer: (response: ServerResponse) => void;
  let parts: ReturnType<typeof createParts>;

  function createParts(url: string) {
    const connection = createConnection(() => HERE);
    const clock = createClock(() => HERE);
    return { connection, clock, client: watchedClient(createClient({ baseUrl: url }), connection, clock) };
  }

  beforeEach(async () => {
    server = createServer((_, response) => answer(response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port; wanted: a TCP address');
    parts = createParts(`http://127.0.0.1:${address.port}`);
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('L5 B15 an answer takes the banner away and sets the clock to the server’s time', async () => {
    answer = (response) => response.end(JSON.stringify({ now: THERE }));
    parts.connection.failed('before');
    await parts.client.call(asked, {});
    expect(parts.connection.read()).toEqual({ lastAnswerAt: HERE, failingSince: null, reason: '' });
    const unsubscribe = parts.clock.subscribe(() => undefined);
    await expect.poll(() => parts.clock.read()).toBe(Date.parse(THERE));
    unsubscribe();
  });

  it('L5 a refusal is an answer: the server is there', async () => {
    answer = (response) =>
      response
        .writeHead(403)
        .end(JSON.stringify({ type: 'x', title: 'No', status: 403, detail: '', code: 'not-allowed' }));
    await expect(parts.client.call(asked, {})).rejects.toThrow('not-allowed');
    expect(parts.connection.read().failingSince).toBeNull();
  });

  it('L5 a connection that breaks off raises the banner and keeps when it began', async () => {
    answer = (response) => response.destroy();
    await expect(parts.client.call(asked, {})).rejects.toThrow('no answer');
    expect(parts.connection.read().failingSince).toBe(HERE);
    expect(parts.connection.read().lastAnswerAt).toBeNull();
  });

  it('L5 a search that was typed on is no silence of the server', async () => {
    answer = () => undefined;
    const controller = new AbortController();
    const call = parts.client.call(asked, { signal: controller.signal });
    controller.abort();
    await expect(call).rejects.toThrow();
    expect(parts.connection.read().failingSince).toBeNull();
  });
});
