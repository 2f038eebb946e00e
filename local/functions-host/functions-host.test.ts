import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { app } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import type { FunctionsHost } from './functions-host.ts';
import { useTestHosts } from './test-hosts.ts';

const { lines, start, serveOne } = useTestHosts();

describe('L3 start', () => {
  it('refuses to start with the reason when the app cannot be loaded', async () => {
    const broken = start(() => {
      throw new Error('no such module');
    });
    await expect(broken).rejects.toThrow('The function app could not be loaded: no such module');
  });

  it.each<[string, () => void]>([
    ['registered no function', () => undefined],
    ['belong to Azure', () => app.get('f', { route: 'admin/f', handler: () => ({}) })],
    [
      'have the same route and method',
      () => {
        app.get('f', { route: 'same', handler: () => ({}) });
        app.http('g', { route: 'Same', handler: () => ({}) });
      },
    ],
    [
      'registered twice',
      () => {
        app.get('f', () => ({}));
        app.get('F', () => ({}));
      },
    ],
    [
      "authLevel 'function', but this host was given no function key",
      () => app.get('f', { authLevel: 'function', handler: () => ({}) }),
    ],
    [
      "has the trigger 'blobTrigger'",
      () => app.storageBlob('f', { path: 'a', connection: 'b', handler: () => undefined }),
    ],
    [
      'has a retry policy',
      () =>
        app.timer('f', {
          schedule: '0 * * * * *',
          retry: { strategy: 'fixedDelay', maxRetryCount: 1, delayInterval: 1 },
          handler: () => undefined,
        }),
    ],
    [
      'Timer function "f": Schedule \'00:05:00\'',
      () => app.timer('f', { schedule: '00:05:00', handler: () => undefined }),
    ],
    [
      'needs the setting SCHEDULE',
      () => app.timer('f', { schedule: '%SCHEDULE%', handler: () => undefined }),
    ],
    [
      'no queueConnectionString',
      () => app.storageQueue('f', { queueName: 'q-1', connection: '', handler: () => undefined }),
    ],
    [
      "names the queue 'Q'",
      () => app.storageQueue('f', { queueName: 'Q', connection: '', handler: () => undefined }),
    ],
  ])('refuses an app that %s', async (reason, register) => {
    await expect(start(register)).rejects.toThrow(reason);
  });

  it('refuses a function that is registered after the app was loaded', async () => {
    await serveOne(() => ({}));
    expect(() => {
      app.get('late', () => ({}));
    }).toThrow('a function can only be registered during app startup');
  });

  it('names address and port when the port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(serveOne(() => ({}), { port })).rejects.toThrow(`127.0.0.1:${port}`);
    await new Promise((resolve) => other.close(resolve));
  });

  it('refuses a host.json with the name of the wrong field', async () => {
    const hostJson = { version: '2.0', extensions: { queues: { maxPollingInterval: 'soon' } } };
    await expect(serveOne(() => ({}), { hostJson })).rejects.toThrow(
      /'soon' is no time span.*maxPollingInterval/s,
    );
  });
});

describe('L3 hooks', () => {
  it('runs them in order around an invocation, with data shared and handler, result and error replaceable', async () => {
    const seen: string[] = [];
    const host = await start(() => {
      app.hook.appStart(() => void seen.push('start'));
      app.hook.preInvocation((context) => {
        seen.push(`before ${context.invocationContext.functionName}`);
        context.hookData['at'] = 1;
        context.inputs = [...context.inputs];
      });
      app.hook.postInvocation((context) => {
        seen.push(`after ${String(context.hookData['at'])} ${String(context.error !== undefined)}`);
        if (context.error !== undefined) context.error = undefined;
        context.result = { body: 'from the hook' };
      });
      app.hook.appTerminate(() => void seen.push('end'));
      app.get('boom', () => {
        throw new Error('boom');
      });
    });
    expect(await (await fetch(`${host.url}/boom`)).text()).toBe('from the hook');
    await host.close();
    expect(seen).toEqual(['start', 'before boom', 'after 1 true', 'end']);
  });

  it('hands the log lines of a function on with its name', async () => {
    const fields: unknown[] = [];
    const host = await serveOne(
      (_, context) => {
        context.warn('look %d', 7);
        return {};
      },
      { log: (level, message, given) => fields.push([level, message, given]) },
    );
    await fetch(`${host.url}/x`);
    expect(fields).toEqual([
      ['warning', 'look 7', { category: 'user', functionName: 'only', invocationId: expect.any(String) }],
    ]);
  });
});

describe('L3 close', () => {
  it('lets a request that runs be answered and takes no new one', async () => {
    const started = Promise.withResolvers<undefined>();
    const go = Promise.withResolvers<undefined>();
    const host = await serveOne(async () => {
      started.resolve(undefined);
      await go.promise;
      return { body: 'done' };
    });
    const answer = fetch(`${host.url}/x`);
    await started.promise;
    const closed = host.close();
    await expect(fetch(`${host.url}/x`)).rejects.toThrow();
    go.resolve(undefined);
    expect(await (await answer).text()).toBe('done');
    await closed;
  });

  it('lets an answer that was given reach a slow client whole', async () => {
    const sizeBytes = 32 * 1024 * 1024;
    const host = await serveOne(() => ({ body: Buffer.alloc(sizeBytes, 'x') }));
    const answer = await fetch(`${host.url}/x`);
    const closed = host.close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await answer.arrayBuffer()).byteLength).toBe(sizeBytes);
    await closed;
  });

  it('cuts what outlasts the grace period', async () => {
    const host = await serveOne(() => new Promise(() => undefined), { graceMs: 50 });
    const answer = fetch(`${host.url}/x`);
    const cut = expect(answer).rejects.toThrow();
    await expect.poll(() => openRequests(host)).toBe(true);
    await host.close();
    await cut;
    expect(lines).toContain('warning: The grace period ended before everything that ran.');
  });
});

/** A second request on another connection is answered, so the first has been received. */
async function openRequests(host: FunctionsHost): Promise<boolean> {
  return new Promise((resolve) => {
    request(`${host.url}/none`, (answer) => {
      answer.resume().once('end', () => {
        resolve(true);
      });
    }).end();
  });
}
