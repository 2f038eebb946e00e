import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue';
import type { Log } from '../../log.ts';

export interface MessageHoldOptions {
  readonly queue: QueueClient;
  readonly message: DequeuedMessageItem;
  readonly visibilitySeconds: number;
  readonly log: Log;
}

/** Keeps a message from others while its function runs, and ends that by deleting it or giving it back. */
export class MessageHold {
  readonly #options: MessageHoldOptions;
  readonly #timer: NodeJS.Timeout;
  #popReceipt: string;
  #renewal: Promise<void> = Promise.resolve();

  constructor(options: MessageHoldOptions) {
    this.#options = options;
    this.#popReceipt = options.message.popReceipt;
    this.#timer = setInterval(
      () => {
        this.#renewal = this.#renew();
      },
      (options.visibilitySeconds * 1000) / 3,
    );
    this.#timer.unref();
  }

  async delete(): Promise<void> {
    await this.stopRenewing();
    const { queue, message } = this.#options;
    await queue.deleteMessage(message.messageId, this.#popReceipt);
  }

  /** Lets others see the message again after `delayMs`. */
  async release(delayMs: number): Promise<void> {
    await this.stopRenewing();
    const { queue, message } = this.#options;
    await queue.updateMessage(message.messageId, this.#popReceipt, undefined, Math.ceil(delayMs / 1000));
  }

  /** From here on the message is seen again by itself when its time is up. */
  async stopRenewing(): Promise<void> {
    clearInterval(this.#timer);
    await this.#renewal;
  }

  async #renew(): Promise<void> {
    const { queue, message, visibilitySeconds, log } = this.#options;
    try {
      const renewed = await queue.updateMessage(
        message.messageId,
        this.#popReceipt,
        undefined,
        visibilitySeconds,
      );
      if (renewed.popReceipt !== undefined) this.#popReceipt = renewed.popReceipt;
    } catch (error) {
      log('warning', 'A queue message could not be kept invisible while its function runs.', {
        queue: queue.name,
        messageId: message.messageId,
        error,
      });
    }
  }
}
