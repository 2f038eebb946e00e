import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ScriptedServer, startScriptedServer } from '../../../test/support/scriptedServer.ts';
import { type ApiClient, type ApiClientOptions, createApiClient } from './apiClient.ts';
import { ApiError } from './apiError.ts';

const KEY = 'live-credential-4711';
const NOW = new Date('2026-03-01T10:00:00.000Z');

let server: ScriptedServer;
let api: ApiClient;
beforeAll(async () => {
  server = await startScriptedServer();
  api = clientOf();
});
afterEach(() => {
  server.requests.length = 0;
  server.script({ status: 200 });
});
afterAll(() => server.close());

function clientOf(more: Partial<ApiClientOptions> = {}): ApiClient {
  return createApiClient({
    baseUrl: `${server.url}/v2/`,
    headers: () => ({ authorization: `Bearer ${KEY}` }),
    allowPrivateAddresses: true,
    now: () => NOW,
    ...more,
  });
}

async function failureOf(promise: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error('wanted an ApiError', { cause: error });
  return error;
}

describe('a third party’s API', () => {
  it('W4 is asked below its address, with credentials, and answers JSON', async () => {
    server.script({ status: 200, headers: { 'x-total': '1' }, body: '{"data":[1]}' });
    const answer = await api.json('/people', {
      query: { 'page[limit]': 2, after: undefined, tag: ['a', 'b'] },
    });
    expect(answer).toMatchObject({ status: 200, body: { data: [1] }, headers: { 'x-total': '1' } });
    expect(server.requests).toMatchObject([
      {
        method: 'GET',
        path: '/v2/people?page%5Blimit%5D=2&tag=a&tag=b',
        headers: { authorization: `Bearer ${KEY}`, accept: 'application/json' },
      },
    ]);
  });

  it('W1 is told the idempotency key with what it writes, and not with what it reads', async () => {
    await api.json('/people', { body: { name: 'x' }, idempotencyKey: 'run/step' });
    await api.json('/people', { idempotencyKey: 'run/step' });
    const [write, read] = server.requests;
    expect(write).toMatchObject({
      method: 'POST',
      body: '{"name":"x"}',
      headers: { 'idempotency-key': 'run/step' },
    });
    expect(read?.headers).toMatchObject({ 'x-request-id': 'run/step' });
    expect(read?.headers['idempotency-key']).toBeUndefined();
  });

  it.each([
    [400, 'ValidationError'],
    [401, 'AuthenticationError'],
    [403, 'AuthenticationError'],
    [404, 'NotFoundError'],
    [405, 'ValidationError'],
    [408, 'TimeoutError'],
    [409, 'ConflictError'],
    [410, 'NotFoundError'],
    [422, 'ValidationError'],
    [425, 'ServiceUnavailableError'],
    [429, 'RateLimitError'],
    [500, 'InternalServerError'],
    [501, 'InternalServerError'],
    [502, 'ServiceUnavailableError'],
    [503, 'ServiceUnavailableError'],
    [504, 'ServiceUnavailableError'],
    [301, 'NotFoundError'],
  ])('W4 B22 its %i is a %s', async (status, tag) => {
    server.script({ status, headers: { location: 'http://127.0.0.1:1/' } });
    expect(await failureOf(api.json('/x'))).toMatchObject({ tag, api: { status } });
    expect(server.requests).toHaveLength(1);
  });

  it('W4 what it said is kept as it came, with the pointer of JSON:API, and its words are in the message', async () => {
    const body = {
      errors: [{ status: '422', detail: 'is taken', source: { pointer: '/data/attributes/email' } }],
    };
    server.script({ status: 422, body: JSON.stringify(body) });
    const failure = await failureOf(api.json('/people', { body: {}, query: { token: 'query-secret' } }));
    expect(failure.api).toEqual({ status: 422, request: `POST ${server.url}/v2/people`, body });
    expect(failure.message).toBe(
      `POST ${server.url}/v2/people answered 422: is taken (/data/attributes/email)`,
    );
  });

  it.each([
    ['{"error":{"message":"No such charge","type":"invalid_request_error"}}', 'No such charge'],
    ['{"Fault":{"Error":[{"Message":"Invalid query","Detail":"near SELECT"}]}}', 'near SELECT'],
    ['{"title":"Bad","detail":"worse"}', 'worse'],
    ['{"error":"invalid_token"}', 'invalid_token'],
    ['<html><head><style>p{}</style></head><body><h1>502</h1> <p>Bad gateway</p></body>', '502 Bad gateway'],
  ])('W4 the words of %s are found', async (body, words) => {
    server.script({ status: 400, body });
    expect((await failureOf(api.json('/x'))).message).toMatch(new RegExp(`answered 400: ${words}$`));
  });

  it('W4 of a long body its beginning is kept', async () => {
    server.script({ status: 500, body: 'x'.repeat(100_000) });
    const failure = await failureOf(api.json('/x'));
    expect(String(failure.api.body).length).toBeLessThan(17_000);
    expect(failure.message.length).toBeLessThanOrEqual(500);
  });
});

describe('how long it asks to be waited', () => {
  it.each([
    ['retry-after', '120', 120_000],
    ['retry-after', '0', 0],
    ['retry-after', 'Sun, 01 Mar 2026 10:02:00 GMT', 120_000],
    ['retry-after', 'Sun, 01 Mar 2026 09:00:00 GMT', 0],
    ['x-ratelimit-reset', '1772359230', 30_000],
    ['x-ratelimit-reset', '1772359230000', 30_000],
    ['x-ratelimit-reset', '45', 45_000],
    ['ratelimit-reset', '9', 9_000],
  ])('W4 B22 %s: %s', async (header, value, expected) => {
    server.script({ status: 429, headers: { [header]: value, date: NOW.toUTCString() } });
    expect(await failureOf(api.json('/x'))).toMatchObject({ tag: 'RateLimitError', retryAfterMs: expected });
  });

  it('W4 B15 a date is read against its own clock, since ours may differ', async () => {
    const headers = { 'retry-after': 'Sun, 01 Mar 2026 12:00:30 GMT', date: 'Sun, 01 Mar 2026 12:00:00 GMT' };
    server.script({ status: 503, headers });
    expect(await failureOf(api.json('/x'))).toMatchObject({ retryAfterMs: 30_000 });
  });

  it('W4 nonsense asks for nothing', async () => {
    server.script({ status: 503, headers: { 'retry-after': 'soon' } });
    expect((await failureOf(api.json('/x'))).retryAfterMs).toBeUndefined();
  });

  it('W4 a 403 that asks to come back later is a rate limit', async () => {
    server.script({ status: 403, headers: { 'retry-after': '60' } });
    expect(await failureOf(api.json('/x'))).toMatchObject({ tag: 'RateLimitError', retryAfterMs: 60_000 });
  });
});

describe('an API that is broken', () => {
  it('W4 B23 says nothing: TimeoutError', async () => {
    server.script('silence');
    expect(await failureOf(clientOf({ timeoutMs: 50 }).json('/x'))).toMatchObject({ tag: 'TimeoutError' });
  });

  it('W4 resets or refuses the connection: ServiceUnavailableError', async () => {
    server.script('reset');
    expect(await failureOf(api.json('/x'))).toMatchObject({ tag: 'ServiceUnavailableError' });
    const refusing = clientOf({ baseUrl: 'http://127.0.0.1:1' });
    expect(await failureOf(refusing.json('/x'))).toMatchObject({ tag: 'ServiceUnavailableError' });
  });

  it('W4 breaks off within its answer: InternalServerError, and never half a body', async () => {
    server.script({
      status: 200,
      headers: { 'content-length': '400' },
      body: '{"data":[]}',
      breaksOff: true,
    });
    const failure = await failureOf(api.text('/x'));
    expect(failure).toMatchObject({ tag: 'InternalServerError' });
    expect(failure.message).toContain('broke off after 11 bytes');
  });

  it('W4 answers 200 with a page for people: InternalServerError, with what was seen', async () => {
    const body = '<html>We will be back</html>';
    server.script({ status: 200, headers: { 'content-type': 'text/html' }, body });
    const failure = await failureOf(api.json('/x'));
    expect(failure).toMatchObject({
      tag: 'InternalServerError',
      isPermanent: false,
      api: { status: 200, body },
    });
    expect(failure.message).toContain('no JSON (text/html');
  });

  it('W4 answers more than fits: InternalServerError, and as much as fits is no failure', async () => {
    const client = clientOf({ maxBodyBytes: 20 });
    server.script({ status: 200, body: JSON.stringify('x'.repeat(18)) });
    expect((await client.json('/x')).body).toHaveLength(18);
    server.script({ status: 200, body: JSON.stringify('x'.repeat(19)) });
    expect((await failureOf(client.json('/x'))).message).toContain('with more than 20 bytes');
  });

  it('W4 answers in another shape: InternalServerError, which names the place', async () => {
    const shape = z.object({ data: z.array(z.object({ id: z.string() })) });
    server.script({ status: 200, body: '{"data":[{"id":"1"},{"id":2}]}' });
    const failure = await failureOf(api.read('/x', shape));
    expect(failure).toMatchObject({ tag: 'InternalServerError' });
    expect(failure.message).toContain('/data/1/id');
  });

  it('W4 answers nothing where there is nothing to say: null', async () => {
    server.script({ status: 204 });
    expect(await api.json('/x', { method: 'DELETE' })).toMatchObject({ status: 204, body: null });
  });
});

describe('credentials', () => {
  it('W4 are in no message, cause or body, also where the API repeats them', async () => {
    const basic = Buffer.from(`user-name:${KEY}`).toString('base64');
    const bodies = [`{"error":{"message":"Invalid key ${KEY}"}}`, `no: Basic ${basic}`];
    const clients = [api, clientOf({ headers: () => ({ authorization: `Basic ${basic}` }) })];
    for (const body of bodies) {
      for (const client of [...clients, clientOf({ headers: () => ({ 'subscription-key': KEY }) })]) {
        server.script({ status: 401, body });
        const failure = await failureOf(client.json('/x', { query: { api_key: KEY } }));
        const all = JSON.stringify([failure.message, failure.api, String(failure.cause), failure.stack]);
        expect(all).not.toContain(KEY);
        if (client === clients[1]) expect(all).not.toContain(basic);
      }
    }
  });

  it('S9 go to no address inside the network, nor to one that is none', async () => {
    const guarded = clientOf({ allowPrivateAddresses: false });
    expect(await failureOf(guarded.json('/x'))).toMatchObject({ tag: 'NotFoundError' });
    expect(await failureOf(clientOf({ baseUrl: 'nonsense' }).json('/x'))).toMatchObject({
      tag: 'NotFoundError',
    });
    expect(server.requests).toEqual([]);
  });

  it('W4 are asked for each request, so that renewed ones are used at once', async () => {
    let key = 'first-credential';
    const client = clientOf({ headers: () => ({ 'x-api-key': key }) });
    await client.json('/x');
    key = 'second-credential';
    await client.json('/x');
    expect(server.requests.map(({ headers }) => headers['x-api-key'])).toEqual([
      'first-credential',
      'second-credential',
    ]);
  });
});

describe('its pace', () => {
  it('W7 B23 whoever waits for its turn stops when its time is over', async () => {
    const client = clientOf({ requestsPerSecond: 0.01 });
    await client.json('/x');
    const stop = new AbortController();
    const waiting = client.json('/x', { signal: stop.signal });
    stop.abort(new Error('the lease is lost'));
    await expect(waiting).rejects.toThrow('the lease is lost');
    expect(server.requests).toHaveLength(1);
  });

  it('W1 B23 what is under way ends with the reason of the caller', async () => {
    server.script('silence');
    const stop = new AbortController();
    const waiting = api.json('/x', { signal: stop.signal });
    await expect.poll(() => server.requests.length).toBe(1);
    stop.abort(new Error('the lease is lost'));
    await expect(waiting).rejects.toThrow('the lease is lost');
  });
});
