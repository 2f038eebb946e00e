import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { QueueServiceClient } from '@azure/storage-queue';
import { azuriteConnectionString } from '../../local/azurite/azurite.ts';

/** Puts a message where the queue of slices puts those that it gives up on; its id. */
export async function poisonQueue(dataDir: string, message: unknown): Promise<string> {
  const [blobPort, queuePort, tablePort] = await portsOf(dataDir);
  const connection = azuriteConnectionString({ blobPort, queuePort, tablePort });
  const queue = QueueServiceClient.fromConnectionString(connection).getQueueClient('slices-poison');
  await queue.createIfNotExists();
  return (await queue.sendMessage(Buffer.from(JSON.stringify(message)).toString('base64'))).messageId;
}

/** Azurite writes into its log where it listens. */
async function portsOf(dataDir: string): Promise<[blob: number, queue: number, table: number]> {
  const log = await readFile(path.join(dataDir, 'logs', 'azurite.log'), 'utf8');
  const portOf = (service: string) => {
    const port = new RegExp(`${service} service is successfully listening at .*?:(\\d+)"`).exec(log)?.[1];
    if (port === undefined)
      throw new Error(`Azurite's log does not say where its ${service} service is:\n${log}`);
    return Number(port);
  };
  return [portOf('Blob'), portOf('Queue'), portOf('Table')];
}
