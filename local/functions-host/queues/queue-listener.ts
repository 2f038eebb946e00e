import type { DequeuedMessageItem, QueueClient, QueueServiceClient } from '@azure/storage-queue';
import type { Log } from '../../log.ts';
import type { QueueSettings } from '../host-json.ts';
import { MessageProcessor } from './message-processor.ts';
import type { RunMessage } from './message-processor.ts';
import { PollPause } from './poll-pause.ts';
import type { QueueFunction } from './queue-function.ts';

export interface QueueListenerOptions {
  readonly fn: QueueFunction;
  readonly service: QueueServiceClient;
  readonly settings: QueueSettings;
  /** How long a message stays invisible if this process dies in its function. */
  readonly visibilitySeconds: number;
  readonly run: RunMessage;
  readonly log: Log;
}

const leastPauseMs = 100;
const pauseWithoutServiceMs = 1_000;
const longestPauseWithoutServiceMs = 15_000;

/**
 * Polls one queue and runs its function on what comes: up to `batchSize` plus `newBatchThreshold` messages at once.
 * An empty queue is asked less and less often, down to `maxPollingInterval`; a queue that is not there is created; a
 * service that does not answer is asked again until it does, and that is logged once.
 */
export class QueueListener {
  readonly #options: QueueListenerOptions;
  readonly #queue: QueueClient;
  readonly #processor: MessageProcessor;
  readonly #running = new Set<Promise<void>>();
  readonly #idle: PollPause;
  readonly #trouble = new PollPause(pauseWithoutServiceMs, longestPauseWithoutServiceMs);
  #isStopped = false;
  #polling: Promise<void> = Promise.resolve();

  constructor(options: QueueListenerOptions) {
    this.#options = options;
    this.#queue = options.service.getQueueClient(options.fn.queueName);
    this.#processor = new MessageProcessor({ ...options, queue: this.#queue });
    this.#idle = new PollPause(leastPauseMs, options.settings.maxPollingIntervalMs);
  }

  start(): void {
    this.#polling = this.#poll();
  }

  /** Takes no more messages; resolves when those taken are done with. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#idle.cut();
    this.#trouble.cut();
    await this.#polling;
    await Promise.all(this.#running);
  }

  async #poll(): Promise<void> {
    while (!this.#isStopped) {
      if (this.#running.size > this.#options.settings.newBatchThreshold) await Promise.race(this.#running);
      else await this.#pollOnce();
    }
  }

  async #pollOnce(): Promise<void> {
    const messages = await this.#receive();
    if (messages === undefined) {
      await this.#trouble.wait();
      return;
    }
    this.#trouble.reset();
    for (const message of messages) this.#take(message);
    if (messages.length > 0) this.#idle.reset();
    else await this.#idle.wait();
  }

  #take(message: DequeuedMessageItem): void {
    const work = this.#isStopped ? this.#processor.giveBack(message) : this.#processor.process(message);
    // The processor settles every failure of the function; should that fail too, the message is simply seen again.
    const settled = work
      .catch((error: unknown) => {
        this.#options.log('error', 'A queue message could not be settled; it will be seen again.', {
          queue: this.#queue.name,
          messageId: message.messageId,
          error,
        });
      })
      .then(() => {
        this.#running.delete(settled);
      });
    this.#running.add(settled);
  }

  /** Undefined when the service does not answer. */
  async #receive(): Promise<DequeuedMessageItem[] | undefined> {
    const { settings, visibilitySeconds } = this.#options;
    try {
      const { receivedMessageItems } = await this.#queue.receiveMessages({
        numberOfMessages: settings.batchSize,
        visibilityTimeout: visibilitySeconds,
      });
      this.#noteRecovery();
      return receivedMessageItems;
    } catch (error) {
      if (isMissing(error)) return this.#createQueue();
      this.#noteTrouble(error);
      return undefined;
    }
  }

  async #createQueue(): Promise<DequeuedMessageItem[] | undefined> {
    try {
      await this.#queue.createIfNotExists();
      return [];
    } catch (error) {
      this.#noteTrouble(error);
      return undefined;
    }
  }

  #noteTrouble(error: unknown): void {
    if (!this.#trouble.isFresh) return;
    this.#options.log('warning', 'The queue service does not answer; polling goes on until it does.', {
      queue: this.#queue.name,
      error,
    });
  }

  #noteRecovery(): void {
    if (this.#trouble.isFresh) return;
    this.#options.log('information', 'The queue service answers again.', { queue: this.#queue.name });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === 404;
}
