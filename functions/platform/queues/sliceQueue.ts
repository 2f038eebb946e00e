import type { PoisonQueue } from './poisonQueue.ts';

/** A hint that a slice is due. Losing or repeating one does no harm: the slice is claimed in the database. */
export interface SliceMessage {
  readonly runId: string;
  readonly slice: number;
}

/** Sends slice messages; the one queue name of the platform is `slices`. Rejects when the queue does not answer. */
export interface SliceQueue {
  send(message: SliceMessage, visibleAfterSeconds?: number): Promise<void>;
  /** About how many messages wait, those that are hidden until later among them. Rejects when the queue service does not answer. */
  depth(): Promise<number>;
  /** Rejects when the queue service does not answer. */
  ping(): Promise<void>;
  /** Messages that every attempt failed on. */
  readonly poison: PoisonQueue;
}

export const SLICE_QUEUE_NAME = 'slices';
