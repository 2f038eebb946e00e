import type { DequeuedMessageItem, PeekedMessageItem, QueueClient } from '@azure/storage-queue';
import { isQueueMissing } from './queueMissing.ts';
import { type PoisonMessage, type PoisonQueue, QueueError, type TakenPoison } from './poisonQueue.ts';

/** Azure gives no more at once. */
const MAX_MESSAGES = 32;
const TAKEN_SECONDS = 60;

/** What the host moved from `queue` to `poison`: base64 JSON, as it was sent. A poison queue that was never needed is not there, and empty. */
export function openAzurePoisonQueue(
  queue: QueueClient,
  poison: QueueClient,
  abortSignal: () => AbortSignal,
): PoisonQueue {
  const call = async <T>(action: string, none: T, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (isQueueMissing(error)) return none;
      throw new QueueError(`${action} queue ${poison.name} failed`, { cause: error });
    }
  };
  const taken = (item: DequeuedMessageItem): TakenPoison => ({
    ...messageOf(queue.name, item),
    replay: () =>
      call('replaying from', undefined, async () => {
        await queue.sendMessage(item.messageText, { abortSignal: abortSignal() });
        await poison.deleteMessage(item.messageId, item.popReceipt, { abortSignal: abortSignal() });
      }),
    giveBack: () =>
      call('giving back to', undefined, async () => {
        const { messageId, popReceipt, messageText } = item;
        await poison.updateMessage(messageId, popReceipt, messageText, 0, { abortSignal: abortSignal() });
      }),
  });
  return {
    depth: () =>
      call('counting', 0, async () => {
        const { approximateMessagesCount = 0 } = await poison.getProperties({ abortSignal: abortSignal() });
        return approximateMessagesCount;
      }),
    peek: () =>
      call('reading', [], async () => {
        const options = { numberOfMessages: MAX_MESSAGES, abortSignal: abortSignal() };
        const { peekedMessageItems } = await poison.peekMessages(options);
        return peekedMessageItems.map((item) => messageOf(queue.name, item));
      }),
    take: () =>
      call('taking from', [], async () => {
        const { receivedMessageItems } = await poison.receiveMessages({
          numberOfMessages: MAX_MESSAGES,
          visibilityTimeout: TAKEN_SECONDS,
          abortSignal: abortSignal(),
        });
        return receivedMessageItems.map(taken);
      }),
  };
}

function messageOf(queueName: string, item: PeekedMessageItem): PoisonMessage {
  const { messageId, insertedOn: insertedAt, messageText } = item;
  return { messageId, queueName, insertedAt, content: contentOf(messageText) };
}

function contentOf(messageText: string): unknown {
  const text = Buffer.from(messageText, 'base64').toString('utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Whoever put it there did not encode it: then it is its own text.
    return messageText;
  }
}
