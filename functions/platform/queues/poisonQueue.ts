/** A message that its queue gave up on: every attempt failed, or the host died with it. */
export interface PoisonMessage {
  readonly messageId: string;
  /** The queue that it came from. */
  readonly queueName: string;
  /** When it was moved to the poison queue. */
  readonly insertedAt: Date;
  /** What it says: parsed where it is JSON, else its text. */
  readonly content: unknown;
}

/** One that nobody else sees for a minute. If neither is called, it is back by itself. */
export interface TakenPoison extends PoisonMessage {
  /** Puts it back into its queue, then removes it here: a crash between the two leaves it in both, never in none. */
  replay(): Promise<void>;
  giveBack(): Promise<void>;
}

/** What a queue gave up on. All methods reject with `QueueError` when the queue service does not answer. */
export interface PoisonQueue {
  /** About how many messages there are. */
  depth(): Promise<number>;
  /** The oldest of them, 32 at most, left where they are. */
  peek(): Promise<readonly PoisonMessage[]>;
  /** The same, taken. */
  take(): Promise<readonly TakenPoison[]>;
}

/** The queue service did not answer, or refused; it may be better later. The message holds no credential. */
export class QueueError extends Error {
  override readonly name = 'QueueError';
}
