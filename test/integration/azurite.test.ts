import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QueueServiceClient } from '@azure/storage-queue';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startAzurite } from '../../local/azurite/index.ts';
import { startChildProcess } from '../../local/processes/child.ts';

let dataDir = '';
const endings: Array<() => Promise<unknown>> = [];
const log = (): undefined => undefined;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'azurite-'));
});

afterEach(async () => {
  for (const end of endings.splice(0)) await end();
  await rm(dataDir, { recursive: true, force: true });
});

it('L2 serves queues on free ports and keeps its data over a stop and a start on the same ports', async () => {
  const first = await startAzurite({ dataDir, log });
  endings.push(() => first.close());
  await QueueServiceClient.fromConnectionString(first.connectionString).createQueue('kept');
  await first.close();
  const second = await startAzurite({ dataDir, ...first.ports, log });
  endings.push(() => second.close());
  expect(second.connectionString).toBe(first.connectionString);
  const { messageId } = await QueueServiceClient.fromConnectionString(second.connectionString)
    .getQueueClient('kept')
    .sendMessage('hello');
  expect(messageId).not.toBe('');
});

it('L2 says what Azurite printed when it cannot start', async () => {
  const first = await startAzurite({ dataDir, log });
  endings.push(() => first.close());
  const other = await mkdtemp(join(tmpdir(), 'azurite-'));
  endings.push(() => rm(other, { recursive: true, force: true }));
  await expect(startAzurite({ dataDir: other, ...first.ports, log })).rejects.toThrow('EADDRINUSE');
});

it('L2 tells the supervisor when it was killed', async () => {
  const azurite = await startAzurite({ dataDir, log });
  process.kill(azurite.pid, 'SIGKILL');
  expect(await azurite.exited).toEqual({ code: null, signal: 'SIGKILL' });
});

it('L2 a platform killed with -9 can start again on the same folder at once, with the queues it had', async () => {
  const program = join(dataDir, 'platform.ts');
  const azuriteModule = new URL('../../local/azurite/index.ts', import.meta.url).href;
  await writeFile(
    program,
    `import { startAzurite } from ${JSON.stringify(azuriteModule)};
     const azurite = await startAzurite({ dataDir: ${JSON.stringify(dataDir)}, log: () => {} });
     console.log(JSON.stringify({ ...azurite.ports, connectionString: azurite.connectionString }));`,
  );
  const up = Promise.withResolvers<string>();
  const platform = await startChildProcess({ name: 'platform', entry: program, log, onLine: up.resolve });
  const { connectionString, ...ports } = JSON.parse(await up.promise) as {
    connectionString: string;
    blobPort: number;
    queuePort: number;
    tablePort: number;
  };
  await QueueServiceClient.fromConnectionString(connectionString).createQueue('before');
  platform.kill();
  await platform.exited;
  const azurite = await startAzurite({ dataDir, ...ports, log });
  endings.push(() => azurite.close());
  const queue = QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient('before');
  expect(await queue.exists()).toBe(true);
});
