import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openAzureSliceQueue } from '../../functions/platform/queues/azureSliceQueue.ts';
import type { QueueHandler } from '../../functions/platform/queues/queue.ts';
import { SLICE_QUEUE_NAME } from '../../functions/platform/queues/sliceQueue.ts';
import { type Azurite, startAzurite } from '../../local/azurite/index.ts';
import { type HostedApp, startHostedApp } from '../support/hosted-app.ts';

let dataDir = '';
let azurite: Azurite;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'slice-queue-'));
  azurite = await startAzurite({ dataDir, log: () => undefined });
});
afterAll(async () => {
  await azurite.close();
  await rm(dataDir, { recursive: true, force: true });
});

it('W1 a slice message reaches the worker as it was sent, through a queue that nobody had made', async () => {
  const arrived = Promise.withResolvers<unknown>();
  const queue: QueueHandler = {
    name: 'slices',
    queueName: SLICE_QUEUE_NAME,
    work: async (_services, message) => {
      arrived.resolve(message);
      return 'done';
    },
  };
  const { connectionString } = azurite;
  const slices = openAzureSliceQueue({ connectionString });
  await slices.ping();
  await slices.send({ runId: 'tga-sync-2026-04-13T02-00-00Z', slice: 3 });
  const hosted: HostedApp = await startHostedApp({
    queues: [queue],
    settings: { AzureWebJobsStorage: connectionString },
    queueConnectionString: connectionString,
  });
  try {
    expect(await arrived.promise).toEqual({ runId: 'tga-sync-2026-04-13T02-00-00Z', slice: 3 });
  } finally {
    await hosted.close();
  }
});

it('W1 rejects within its limit when the queue service is gone', async () => {
  const connectionString = azurite.connectionString.replace(/:\d+\//g, ':9/');
  const slices = openAzureSliceQueue({ connectionString, timeoutMs: 1000 });
  await expect(slices.send({ runId: 'r', slice: 1 })).rejects.toThrow();
  await expect(slices.ping()).rejects.toThrow();
});
