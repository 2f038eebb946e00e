import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { app } from '@azure/functions';
import type { InvocationContext, StorageQueueHandler } from '@azure/functions';
import { QueueServiceClient } from '@azure/storage-queue';
import type { QueueClient } from '@azure/storage-queue';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startAzurite } from '../../local/azurite/index.ts';
import type { Azurite } from '../../local/azurite/index.ts';
import { startFunctionsHost } from '../../local/functions-host/index.ts';
import type { FunctionsHost, FunctionsHostOptions } from '../../local/functions-host/index.ts';
import { startChildProcess } from '../../local/processes/child.ts';

let folder = '';
let azurite: Azurite;
let serial = 0;
let queue: QueueClient;
const lines: string[] = [];
const endings: Array<() => Promise<unknown>> = [];
const silent = (): undefined => undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'host-queues-'));
  azurite = await startAzurite({ dataDir: join(folder, 'azurite'), log: silent });
});

afterAll(async () => {
  await azurite.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(() => {
  serial += 1;
  lines.length = 0;
  queue = clientOf(`work-${serial}`);
});

afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

function clientOf(name: string): QueueClient {
  return QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient(name);
}

async function send(body: unknown, client = queue): Promise<void> {
  await client.createIfNotExists();
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  await client.sendMessage(Buffer.from(text).toString('base64'));
}

async function host(
  handler: StorageQueueHandler,
  options: Partial<FunctionsHostOptions> = {},
): Promise<FunctionsHost> {
  const started = await startFunctionsHost({
    port: 0,
    hostJson: { version: '2.0', extensions: { queues: { maxPollingInterval: '00:00:01' } } },
    queueConnectionString: azurite.connectionString,
    log: (level, message) => lines.push(`${level}: ${message}`),
    loadApp: async () => {
      app.storageQueue('worker', { queueName: queue.name, connection: 'AzureWebJobsStorage', handler });
    },
    ...options,
  });
  endings.push(() => started.close());
  return started;
}

describe('L3 queue functions', () => {
  it('get what was sent, parsed where it is JSON, with its metadata, and the queue is empty after', async () => {
    const got: Array<[unknown, InvocationContext['triggerMetadata']]> = [];
    await send({ runId: 'r-1', slice: 3 });
    await send('plain');
    await host((message, context) => void got.push([message, context.triggerMetadata]));
    await expect.poll(() => got.length).toBe(2);
    expect(got.map(([message]) => message)).toEqual(
      expect.arrayContaining([{ runId: 'r-1', slice: 3 }, 'plain']),
    );
    expect(got[0]?.[1]).toMatchObject({
      dequeueCount: 1,
      id: expect.any(String),
      popReceipt: expect.any(String),
      insertionTime: expect.stringMatching(/^\d{4}-/),
      expirationTime: expect.stringMatching(/^\d{4}-/),
      nextVisibleTime: expect.stringMatching(/^\d{4}-/),
    });
    await expect.poll(async () => (await queue.getProperties()).approximateMessagesCount).toBe(0);
  });

  it('have their queue created when it is not there', async () => {
    const got: unknown[] = [];
    await host((message) => void got.push(message));
    await expect.poll(() => queue.exists()).toBe(true);
    await send({ late: true });
    await expect.poll(() => got).toEqual([{ late: true }]);
  });

  it('run up to batchSize and newBatchThreshold messages at once, never more', async () => {
    let running = 0;
    let most = 0;
    const gate = Promise.withResolvers<undefined>();
    let done = 0;
    for (let one = 0; one < 12; one += 1) await send({ one });
    await host(
      async () => {
        running += 1;
        most = Math.max(most, running);
        if (running === 5) gate.resolve(undefined);
        await gate.promise;
        running -= 1;
        done += 1;
      },
      { hostJson: { version: '2.0', extensions: { queues: { batchSize: 4, newBatchThreshold: 1 } } } },
    );
    // Four come with the first batch; the fifth only if a second batch is taken at one running or fewer.
    await expect.poll(() => running).toBe(4);
    gate.resolve(undefined);
    await expect.poll(() => done).toBe(12);
    expect(most).toBeLessThanOrEqual(5);
  });
});

describe('L3 B31 failures', () => {
  it('are tried five times, then the message is moved to the poison queue as it was', async () => {
    const attempts: unknown[] = [];
    await send({ always: 'fails' });
    await host((_, context) => {
      attempts.push(context.triggerMetadata?.['dequeueCount']);
      throw new Error('no luck');
    });
    const poison = clientOf(`${queue.name}-poison`);
    await expect.poll(() => countOf(poison)).toBe(1);
    const [message] = (await poison.peekMessages()).peekedMessageItems;
    expect(Buffer.from(message!.messageText, 'base64').toString()).toBe('{"always":"fails"}');
    expect(attempts).toEqual([1, 2, 3, 4, 5]);
    await expect.poll(() => countOf(queue)).toBe(0);
  });

  it('by time count as failures too', async () => {
    await send({ hangs: true });
    let attempts = 0;
    await host(
      () => {
        attempts += 1;
        return new Promise(() => undefined);
      },
      {
        hostJson: {
          version: '2.0',
          functionTimeout: '00:00:01',
          extensions: { queues: { maxPollingInterval: '00:00:01', maxDequeueCount: 2 } },
        },
      },
    );
    await expect.poll(() => countOf(clientOf(`${queue.name}-poison`))).toBe(1);
    expect(attempts).toBe(2);
  });

  it('rest for visibilityTimeout between two attempts', async () => {
    const at: number[] = [];
    await send({ twice: true });
    await host(
      () => {
        at.push(Date.now());
        if (at.length === 1) throw new Error('once');
      },
      {
        hostJson: {
          version: '2.0',
          extensions: { queues: { maxPollingInterval: '00:00:01', visibilityTimeout: '00:00:02' } },
        },
      },
    );
    await expect.poll(() => at.length).toBe(2);
    // The service counts whole seconds.
    expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(1_000);
  });

  it('to be base64 are poison at once: no function sees the message', async () => {
    let calls = 0;
    await queue.createIfNotExists();
    await queue.sendMessage('{"not":"base64"}');
    await host(() => void (calls += 1));
    await expect.poll(() => countOf(clientOf(`${queue.name}-poison`))).toBe(1);
    expect(calls).toBe(0);
  });
});

it('L3 B31 a message that ended its host in every attempt is poison without another', async () => {
  let calls = 0;
  await send({ deadly: true });
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    await expect
      .poll(
        async () =>
          (await queue.receiveMessages({ visibilityTimeout: 1 })).receivedMessageItems[0]?.dequeueCount,
      )
      .toBe(attempt);
  }
  await host(() => void (calls += 1));
  await expect.poll(() => countOf(clientOf(`${queue.name}-poison`))).toBe(1);
  expect(calls).toBe(0);
});

describe('L3 B32 visibility', () => {
  it('is renewed while a function runs longer than it: nobody else gets the message', async () => {
    let calls = 0;
    await send({ slow: true });
    await host(
      async () => {
        calls += 1;
        await new Promise((resolve) => setTimeout(resolve, 8_000));
      },
      { messageVisibilitySeconds: 3 },
    );
    await expect.poll(() => calls).toBe(1);
    await expect.poll(() => countOf(queue)).toBe(0);
    expect(calls).toBe(1);
    expect(lines).toEqual([]);
  });

  it('ends when the host is killed with -9: the message is seen again', async () => {
    await send({ survives: true });
    const firstSaw = await hostToKill();
    expect(firstSaw).toContain('survives');
    const got: unknown[] = [];
    await host((message, context) => void got.push([message, context.triggerMetadata?.['dequeueCount']]));
    await expect.poll(() => got).toEqual([[{ survives: true }, 2]]);
  });

  /** Runs a host of its own until its function has the message, then kills it. */
  async function hostToKill(): Promise<string> {
    const program = join(import.meta.dirname, `.host-to-kill-${process.pid}.ts`);
    await writeFile(
      program,
      `import { app } from '@azure/functions';
       import { startFunctionsHost } from '../../local/functions-host/index.ts';
       await startFunctionsHost({ port: 0, log: () => {}, messageVisibilitySeconds: 3,
         queueConnectionString: ${JSON.stringify(azurite.connectionString)},
         loadApp: async () => {
           app.storageQueue('worker', { queueName: ${JSON.stringify(queue.name)}, connection: '',
             handler: (message) => { console.log(JSON.stringify(message)); return new Promise(() => {}); } });
         } });`,
    );
    endings.push(() => rm(program, { force: true }));
    const line = Promise.withResolvers<string>();
    const child = await startChildProcess({
      name: 'host',
      entry: program,
      log: silent,
      onLine: line.resolve,
    });
    const seen = await line.promise;
    child.kill();
    await child.exited;
    return seen;
  }
});

describe('L3 B9 a queue service that goes away', () => {
  it('is asked again until it answers; that is logged once each way', async () => {
    const dataDir = join(folder, 'second');
    const first = await startAzurite({ dataDir, log: silent });
    const got: unknown[] = [];
    await host((message) => void got.push(message), { queueConnectionString: first.connectionString });
    const client = QueueServiceClient.fromConnectionString(first.connectionString).getQueueClient(queue.name);
    await send({ before: true }, client);
    await expect.poll(() => got.length).toBe(1);
    await first.close();
    await expect.poll(() => lines.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const second = await startAzurite({ dataDir, ...first.ports, log: silent });
    endings.push(() => second.close());
    await send({ after: true }, client);
    await expect.poll(() => got.length).toBe(2);
    expect(lines).toEqual([
      'warning: The queue service does not answer; polling goes on until it does.',
      'information: The queue service answers again.',
    ]);
  });
});

describe('L3 close', () => {
  it('waits for the message under way, which is then done, and takes no other', async () => {
    const started = Promise.withResolvers<undefined>();
    const go = Promise.withResolvers<undefined>();
    let done = 0;
    await send({ first: true });
    const running = await host(async () => {
      started.resolve(undefined);
      await go.promise;
      done += 1;
    });
    await started.promise;
    const closing = running.close();
    await send({ second: true });
    go.resolve(undefined);
    await closing;
    expect(done).toBe(1);
    expect(await countOf(queue)).toBe(1);
  });
});

async function countOf(client: QueueClient): Promise<number> {
  try {
    return (await client.getProperties()).approximateMessagesCount ?? 0;
  } catch {
    return 0;
  }
}
