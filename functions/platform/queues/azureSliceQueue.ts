import { QueueServiceClient } from '@azure/storage-queue';
import { identityCredential } from '../identityCredential.ts';
import { endpointOf, type StorageAccess } from '../storageAccess.ts';
import { openAzurePoisonQueue } from './azurePoisonQueue.ts';
import { isQueueMissing } from './queueMissing.ts';
import { SLICE_QUEUE_NAME, type SliceQueue } from './sliceQueue.ts';

export type AzureSliceQueueOptions = StorageAccess & {
  /** For one send, its repetitions included; 15 s unless said otherwise. */
  readonly timeoutMs?: number;
};

const retryOptions = { maxTries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 2000, tryTimeoutInMs: 10_000 };

/**
 * Slice messages on Azure Storage queues, as base64 JSON, which is what the host's queue trigger decodes. The queue
 * is made when it is found to be absent. A message that nobody takes expires after a week: the dispatch sweeper sends again.
 */
export function openAzureSliceQueue(options: AzureSliceQueueOptions): SliceQueue {
  const service = serviceOf(options);
  const queue = service.getQueueClient(SLICE_QUEUE_NAME);
  const abortSignal = () => AbortSignal.timeout(options.timeoutMs ?? 15_000);
  const poison = service.getQueueClient(`${SLICE_QUEUE_NAME}-poison`);
  return {
    poison: openAzurePoisonQueue(queue, poison, abortSignal),
    send: async (message, visibleAfterSeconds = 0) => {
      const text = Buffer.from(JSON.stringify(message)).toString('base64');
      const put = () =>
        queue.sendMessage(text, { visibilityTimeout: visibleAfterSeconds, abortSignal: abortSignal() });
      try {
        await put();
      } catch (error) {
        if (!isQueueMissing(error)) throw error;
        await queue.createIfNotExists({ abortSignal: abortSignal() });
        await put();
      }
    },
    depth: async () => {
      try {
        const { approximateMessagesCount = 0 } = await queue.getProperties({ abortSignal: abortSignal() });
        return approximateMessagesCount;
      } catch (error) {
        if (isQueueMissing(error)) return 0;
        throw error;
      }
    },
    ping: async () => {
      await service.getProperties({ abortSignal: abortSignal() });
    },
  };
}

function serviceOf(access: StorageAccess): QueueServiceClient {
  if ('connectionString' in access)
    return QueueServiceClient.fromConnectionString(access.connectionString, { retryOptions });
  const { accountName, clientId } = access;
  return new QueueServiceClient(endpointOf(accountName, 'queue'), identityCredential(clientId), {
    retryOptions,
  });
}
