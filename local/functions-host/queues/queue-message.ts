import type { DequeuedMessageItem } from '@azure/storage-queue';
import type { RpcTypedData } from '../core-api.ts';

/** The text of a message, or undefined if it is not encoded as host.json says. */
export function decodeMessage(text: string, encoding: 'base64' | 'none'): string | undefined {
  if (encoding === 'none') return text;
  const isBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
  return isBase64 ? Buffer.from(text, 'base64').toString('utf8') : undefined;
}

/** What `context.triggerMetadata` of a queue function is made of; the library makes the first letters small. */
export function toTriggerMetadata(message: DequeuedMessageItem, text: string): Record<string, RpcTypedData> {
  const { messageId, dequeueCount, popReceipt, insertedOn, expiresOn, nextVisibleOn } = message;
  return {
    QueueTrigger: { string: text },
    Id: { json: JSON.stringify(messageId) },
    DequeueCount: { int: dequeueCount },
    PopReceipt: { json: JSON.stringify(popReceipt) },
    InsertionTime: { json: JSON.stringify(insertedOn) },
    ExpirationTime: { json: JSON.stringify(expiresOn) },
    NextVisibleTime: { json: JSON.stringify(nextVisibleOn) },
  };
}
