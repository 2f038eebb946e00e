import { QueueServiceClient } from '@azure/storage-queue';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Identity } from '../../functions/platform/http/identity.ts';
import { openAzureSliceQueue } from '../../functions/platform/queues/azureSliceQueue.ts';
import { sweepPoison } from '../../functions/sweepers/poison.ts';
import { listPoison } from '../../functions/workflows/poison/list.ts';
import { replayPoison } from '../../functions/workflows/poison/replay.ts';
import { type Azurite, startAzurite } from '../../local/azurite/index.ts';
import { openWorkflowBench, type WorkflowBench, workflowOf } from '../support/workflows.ts';

let dataDir = '';
let azurite: Azurite;
let bench: WorkflowBench;
const caller: Identity = {
  kind: 'person',
  userId: 'u',
  organizationId: 'org',
  email: 'ada@example.org',
  role: 'operator',
  by: 'session',
};
const queues = () => QueueServiceClient.fromConnectionString(azurite.connectionString);
const poison = () => queues().getQueueClient('slices-poison');

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'poison-'));
  azurite = await startAzurite({ dataDir, log: () => undefined });
  bench = await openWorkflowBench();
});
afterAll(async () => {
  await bench.close();
  await azurite.close();
  await rm(dataDir, { recursive: true, force: true });
});
beforeEach(async () => {
  bench.renew();
  const { connectionString } = azurite;
  Object.assign(bench.services, { slices: openAzureSliceQueue({ connectionString }) });
  await poison().deleteIfExists();
  await queues().getQueueClient('slices').createIfNotExists();
  await queues().getQueueClient('slices').clearMessages();
});

/** As the host does it: the text as it was sent. */
async function poisoned(message: unknown): Promise<string> {
  await poison().createIfNotExists();
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  return (await poison().sendMessage(Buffer.from(text).toString('base64'))).messageId;
}

const openAlerts = async () =>
  (
    await bench.database.db
      .selectFrom('alerts')
      .select('title')
      .where('fingerprint', '=', 'poison-queue')
      .where('status', '=', 'open')
      .execute()
  ).map(({ title }) => title);

async function waiting(): Promise<unknown[]> {
  const { receivedMessageItems } = await queues()
    .getQueueClient('slices')
    .receiveMessages({ numberOfMessages: 32 });
  return receivedMessageItems.map(
    ({ messageText }) => JSON.parse(Buffer.from(messageText, 'base64').toString()) as unknown,
  );
}

const replay = (messageIds?: string[]) =>
  replayPoison(bench.services, { organizationId: 'org', caller, correlationId: 'c', messageIds });

it('W9 a poison queue that was never needed is empty', async () => {
  expect(await listPoison(bench.services, 'org')).toMatchObject({ total: 0, messages: [] });
  expect(await replay()).toBe(0);
  expect(await sweepPoison(bench.services)).toEqual({ examined: 0, changed: 0 });
});

it('W9 B31 raises an alert, is listed with its run, is replayed with its evidence kept, and then the alert ends', async () => {
  const runId = await bench.start(workflowOf(() => Promise.resolve(null)));
  await queues().getQueueClient('slices').clearMessages();
  const messageId = await poisoned({ runId, slice: 0 });
  await poisoned('not JSON');
  await sweepPoison(bench.services);
  expect(await openAlerts()).toEqual(['2 messages in the poison queue']);

  const { total, messages } = await listPoison(bench.services, 'org');
  expect(total).toBe(2);
  expect(messages).toMatchObject([
    { messageId, queue: 'slices', content: { runId, slice: 0 }, runId, runStatus: 'running' },
    { runId: null, runStatus: null },
  ]);

  expect(await replay([messageId])).toBe(1);
  expect(await waiting()).toEqual([{ runId, slice: 0 }]);
  expect((await listPoison(bench.services, 'org')).messages).toHaveLength(1);
  const [entry] = await bench.database.db
    .selectFrom('audit_log')
    .select(['actor', 'action', 'subject_id', 'detail_json'])
    .where('action', '=', 'poison_message.replayed')
    .execute();
  expect(entry).toMatchObject({
    actor: 'ada@example.org',
    subject_id: messageId,
    detail_json: { queue: 'slices', content: { runId, slice: 0 } },
  });

  expect(await replay()).toBe(1);
  expect(await replay()).toBe(0);
  await sweepPoison(bench.services);
  expect(await openAlerts()).toEqual([]);
});

it('A5 W9 messages for the runs of another organization are neither shown nor replayed', async () => {
  const { db } = bench.database;
  await db
    .insertInto('organizations')
    .values({ id: 'other', name: 'Other', created_at: new Date() })
    .execute();
  const runId = await bench.start(workflowOf(() => Promise.resolve(null)));
  await db.updateTable('sync_runs').set({ organization_id: 'other' }).where('id', '=', runId).execute();
  await poisoned({ runId, slice: 0 });
  expect((await listPoison(bench.services, 'org')).messages).toEqual([]);
  expect(await replay()).toBe(0);
  // It was given back: its owner sees it at once.
  expect((await listPoison(bench.services, 'other')).messages).toHaveLength(1);
});

it('W9 nothing is lost when the evidence cannot be kept', async () => {
  const messageId = await poisoned({ runId: 'r', slice: 0 });
  Object.assign(bench.services, {
    newId: () => {
      throw new Error('no id');
    },
  });
  await expect(replay([messageId])).rejects.toThrow('no id');
  expect((await poison().getProperties()).approximateMessagesCount).toBe(1);
  expect(await waiting()).toEqual([]);
});
