import type { DequeuedMessageItem, QueueClient, QueueServiceClient } from '@azure/storage-queue';
import type { Log, LogFields } from '../../log.ts';
import type { RpcTypedData } from '../core-api.ts';
import type { QueueSettings } from '../host-json.ts';
import { MessageHold } from './message-hold.ts';
import type { QueueFunction } from './queue-function.ts';
import { decodeMessage, toTriggerMetadata } from './queue-message.ts';

/** Runs the function of a message; rejects with what it threw. */
export type RunMessage = (
  fn: QueueFunction,
  text: string,
  metadata: Record<string, RpcTypedData>,
) => Promise<void>;

export interface MessageProcessorOptions {
  readonly fn: QueueFunction;
  readonly service: QueueServiceClient;
  readonly queue: QueueClient;
  readonly settings: QueueSettings;
  readonly visibilitySeconds: number;
  readonly run: RunMessage;
  readonly log: Log;
}

/**
 * What becomes of one message: run and deleted; given back after a failure; moved to `<queue>-poison` after the last
 * allowed attempt, or if it cannot be read, or if the host died with it in every attempt.
 * It is copied to the poison queue before it is deleted: a crash between the two leaves it in both, never in none.
 */
export class MessageProcessor {
  readonly #options: MessageProcessorOptions;

  constructor(options: MessageProcessorOptions) {
    this.#options = options;
  }

  /** Rejects when the queue service does not take what became of it; the message is seen again then. */
  async process(message: DequeuedMessageItem): Promise<void> {
    const hold = this.#hold(message);
    try {
      await this.#settle(message, hold);
    } finally {
      await hold.stopRenewing();
    }
  }

  async #settle(message: DequeuedMessageItem, hold: MessageHold): Promise<void> {
    const { settings } = this.#options;
    const text = decodeMessage(message.messageText, settings.messageEncoding);
    if (text === undefined) {
      await this.#poison(message, hold, `it is not encoded in ${settings.messageEncoding}`);
    } else if (message.dequeueCount > settings.maxDequeueCount) {
      await this.#poison(message, hold, 'the host ended with it in every attempt');
    } else if (await this.#run(message, text)) {
      await hold.delete();
    } else if (message.dequeueCount >= settings.maxDequeueCount) {
      await this.#poison(message, hold, 'its function failed in every attempt');
    } else {
      await hold.release(settings.retryDelayMs);
    }
  }

  /** Lets others have a message that was taken too late. */
  giveBack(message: DequeuedMessageItem): Promise<void> {
    return this.#hold(message).release(0);
  }

  #hold(message: DequeuedMessageItem): MessageHold {
    const { queue, visibilitySeconds, log } = this.#options;
    return new MessageHold({ queue, message, visibilitySeconds, log });
  }

  async #run(message: DequeuedMessageItem, text: string): Promise<boolean> {
    const { fn, run, log } = this.#options;
    try {
      await run(fn, text, toTriggerMetadata(message, text));
      return true;
    } catch (error) {
      log('error', 'The queue function failed.', { ...this.#fields(message), error });
      return false;
    }
  }

  async #poison(message: DequeuedMessageItem, hold: MessageHold, reason: string): Promise<void> {
    const { service, queue, log } = this.#options;
    const poison = service.getQueueClient(`${queue.name}-poison`);
    await poison.createIfNotExists();
    await poison.sendMessage(message.messageText);
    await hold.delete();
    log('error', `A message was moved to ${poison.name}: ${reason}.`, this.#fields(message));
  }

  #fields({ messageId, dequeueCount }: DequeuedMessageItem): LogFields {
    return { functionName: this.#options.fn.name, messageId, dequeueCount };
  }
}
