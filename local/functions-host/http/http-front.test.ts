import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { app } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { useTestHosts } from '../test-hosts.ts';

const { lines, start, serveOne } = useTestHosts();

describe('L3 requests', () => {
  it('hands over parameters as strings, repeated query values joined, and the body', async () => {
    const host = await start(() => {
      app.http('show', {
        route: 'api/runs/{id:int}',
        handler: async (incoming) => ({
          jsonBody: {
            id: incoming.params['id'],
            query: [...incoming.query],
            body: incoming.method === 'POST' ? await incoming.text() : undefined,
            header: incoming.headers.get('x-one'),
          },
        }),
      });
    });
    const got = await fetch(`${host.url}/API/Runs/7?a=1&A=2&b=%20`, { headers: { 'X-One': '1' } });
    expect(await got.json()).toEqual({
      id: '7',
      query: [
        ['a', '1,2'],
        ['b', ' '],
      ],
      header: '1',
    });
    const posted = await fetch(`${host.url}/api/runs/7`, { method: 'POST', body: 'häß' });
    expect(await posted.json()).toMatchObject({ query: [], body: 'häß' });
    expect((await fetch(`${host.url}/api/runs/seven`)).status).toBe(404);
    expect((await fetch(`${host.url}/api/runs/7`, { method: 'PUT', body: 'x' })).status).toBe(404);
  });

  it('gives an app with no routePrefix the prefix api, and a function without route its name', async () => {
    const host = await start(() => app.get('Ping', () => ({ body: 'pong' })), {
      hostJson: { version: '2.0' },
    });
    expect(await (await fetch(`${host.url}/api/ping`)).text()).toBe('pong');
  });

  it('drops a body that comes without Content-Length, as Azure does, and says so', async () => {
    const host = await serveOne(async (incoming) => ({ body: `[${await incoming.text()}]` }));
    const answer = await fetch(`${host.url}/x`, {
      method: 'POST',
      body: Readable.toWeb(Readable.from(['chunked'])) as ReadableStream,
      duplex: 'half',
    });
    expect(await answer.text()).toBe('[]');
    expect(lines).toContain('warning: A body without Content-Length was dropped, as Azure drops it.');
  });

  it('refuses a body over the limit with 413 and takes one at the limit', async () => {
    const host = await serveOne(
      async (incoming) => ({ body: String((await incoming.arrayBuffer()).byteLength) }),
      {
        bodyLimitBytes: 1_000_000,
      },
    );
    const post = (size: number) => fetch(`${host.url}/x`, { method: 'POST', body: Buffer.alloc(size) });
    expect((await post(1_000_001)).status).toBe(413);
    expect(await (await post(1_000_000)).text()).toBe('1000000');
  });

  it.each([
    'GET /% HTTP/1.1\r\nHost: a',
    'GET http://b/x HTTP/1.1\r\nHost: a',
    'GET /x HTTP/1.1\r\nHost: a b@c',
  ])('answers 400 to the malformed request %j and goes on', async (head) => {
    const host = await serveOne(() => ({ body: 'ok' }));
    expect(await exchange(host.port, `${head}\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1.1 400 /);
    expect(await (await fetch(`${host.url}/x`)).text()).toBe('ok');
  });

  it('asks for a key where the function wants one', async () => {
    const handler = () => ({ body: 'in' });
    const host = await start(
      () => {
        app.http('a', { route: 'function', authLevel: 'function', handler });
        app.http('b', { route: 'open', authLevel: 'anonymous', handler });
        app.http('c', { route: 'master', authLevel: 'admin', handler });
      },
      { keys: { function: 'f-key', admin: 'a-key' } },
    );
    const statusOf = async (path: string, key?: string) =>
      (await fetch(`${host.url}/${path}`, { headers: key === undefined ? {} : { 'x-functions-key': key } }))
        .status;
    expect(await statusOf('function')).toBe(401);
    expect(await statusOf('function', 'wrong')).toBe(401);
    expect(await statusOf('function', 'f-key')).toBe(200);
    expect(await statusOf('function?code=a-key')).toBe(200);
    expect(await statusOf('master', 'f-key')).toBe(401);
    expect(await statusOf('master', 'a-key')).toBe(200);
    expect(await statusOf('open')).toBe(200);
  });
});

describe('L3 answers', () => {
  it('sends status, headers, cookies one by one, and the body whole', async () => {
    const host = await serveOne(() => ({
      status: 201,
      jsonBody: { a: 1 },
      headers: { 'x-y': 'z' },
      cookies: [
        { name: 'a', value: '1 2', httpOnly: true, secure: true, sameSite: 'Lax', path: '/', maxAge: 60 },
        { name: 'b', value: '', expires: new Date(0) },
      ],
    }));
    const answer = await fetch(`${host.url}/x`);
    expect([answer.status, answer.headers.get('x-y'), answer.headers.get('content-length')]).toEqual([
      201,
      'z',
      '7',
    ]);
    expect(answer.headers.getSetCookie()).toEqual([
      'a=1%202; Max-Age=60; Path=/; SameSite=lax; Secure; HttpOnly',
      'b=',
    ]);
    expect(await answer.json()).toEqual({ a: 1 });
  });

  it('answers 204 where nothing is returned, and 500 without a body to a throw and to what is no answer', async () => {
    const host = await start(() => {
      app.get('nothing', () => undefined as unknown as { body: string });
      app.get('throws', () => {
        throw new Error('the database password is hunter2');
      });
      app.get('text', () => 'text' as unknown as { body: string });
    });
    const statusAndBody = async (path: string) => {
      const answer = await fetch(`${host.url}/${path}`);
      return [answer.status, await answer.text()];
    };
    expect(await statusAndBody('nothing')).toEqual([204, '']);
    expect(await statusAndBody('throws')).toEqual([500, '']);
    expect(await statusAndBody('text')).toEqual([500, '']);
  });

  it.each([256, 16_384, 16_640])('sends %d bytes of every value as they are', async (size) => {
    const bytes = Uint8Array.from({ length: size }, (_, index) => index);
    const host = await serveOne(() => ({ body: bytes }));
    const answer = await fetch(`${host.url}/x`);
    expect(answer.headers.get('content-length')).toBe(String(size));
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
  });

  it('answers HEAD like GET, without the body', async () => {
    const host = await serveOne(() => ({ body: 'four' }));
    const answer = await fetch(`${host.url}/x`, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([
      200,
      '4',
      '',
    ]);
  });

  it('sends a stream as it comes: the first piece arrives while the second is not there yet', async () => {
    const rest = Promise.withResolvers<string>();
    const host = await serveOne(() => ({
      headers: { 'content-type': 'text/csv' },
      body: Readable.from(
        (async function* () {
          yield Buffer.from('one,');
          yield Buffer.from(await rest.promise);
        })(),
      ),
    }));
    const answer = await fetch(`${host.url}/x`);
    const reader = answer.body!.getReader();
    expect(Buffer.from((await reader.read()).value).toString()).toBe('one,');
    rest.resolve('two');
    expect(Buffer.from((await reader.read()).value).toString()).toBe('two');
    expect((await reader.read()).done).toBe(true);
    expect(answer.headers.get('content-type')).toBe('text/csv');
  });

  it('cuts the connection when a stream breaks, so that nobody takes the piece for the whole', async () => {
    const host = await serveOne(() => ({
      body: Readable.from(
        (async function* () {
          yield Buffer.from('a piece');
          await new Promise((resolve) => setTimeout(resolve, 20));
          throw new Error('source broke');
        })(),
      ),
    }));
    await expect(fetch(`${host.url}/x`).then((answer) => answer.text())).rejects.toThrow();
    await expect.poll(() => lines).toContain('error: The function failed.');
    expect((await fetch(`${host.url}/none`)).status).toBe(404);
  });

  it('says 502 when there is no answer within the limit, and keeps quiet about what comes later', async () => {
    const late = Promise.withResolvers<{ body: string }>();
    const host = await serveOne(() => late.promise, { answerLimitMs: 1 });
    expect((await fetch(`${host.url}/x`)).status).toBe(502);
    late.resolve({ body: 'late' });
    await host.drain();
    expect(lines.filter((line) => !line.startsWith('warning'))).toEqual([]);
  });
});

describe('L3 clients that go away', () => {
  it('survives an abort in the body, while the function runs and in the middle of a stream', async () => {
    const started = Promise.withResolvers<undefined>();
    const go = Promise.withResolvers<undefined>();
    let streamEnded = false;
    const host = await start(() => {
      app.post('body', async (incoming) => ({ body: await incoming.text() }));
      app.get('slow', async () => {
        started.resolve(undefined);
        await go.promise;
        return { body: 'too late' };
      });
      app.get('endless', () => ({
        body: Readable.from(
          (async function* () {
            try {
              for (;;) {
                yield Buffer.alloc(1024);
                await new Promise((resolve) => setImmediate(resolve));
              }
            } finally {
              streamEnded = true;
            }
          })(),
        ),
      }));
    });
    await exchange(host.port, 'POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc', {
      cutAfterMs: 50,
    });
    const slow = exchange(host.port, 'GET /slow HTTP/1.1\r\nHost: a\r\n\r\n', { cutAfterMs: 100 });
    await started.promise;
    await slow;
    go.resolve(undefined);
    await exchange(host.port, 'GET /endless HTTP/1.1\r\nHost: a\r\n\r\n', { cutAfterMs: 100 });
    await expect.poll(() => streamEnded).toBe(true);
    await host.drain();
    expect(lines.filter((line) => line.startsWith('error') || line.startsWith('critical'))).toEqual([]);
    expect((await fetch(`${host.url}/none`)).status).toBe(404);
  });
});

/** Writes raw bytes and gives back what came until the connection ended or was cut. */
function exchange(port: number, text: string, { cutAfterMs }: { cutAfterMs?: number } = {}): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => (received += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(received));
    if (cutAfterMs !== undefined) setTimeout(() => socket.destroy(), cutAfterMs);
  });
}
