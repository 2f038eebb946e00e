import type { Services } from '../services.ts';

/**
 * Work on the messages of one queue. Whoever throws gets the message again, five times in all, and then it is moved
 * to the poison queue; delivery is at least once, in any order.
 */
export interface QueueHandler {
  /** Part of the function's name in Azure: letters, digits, dashes. */
  readonly name: string;
  readonly queueName: string;
  /** `message` is what was sent, parsed when it is JSON; check it. Gives what became of it, in a word for monitoring. */
  readonly work: (services: Services, message: unknown) => Promise<string>;
  /** What the message is about: monitoring shows all messages about one subject as one operation. */
  readonly operationOf?: (message: unknown) => string | undefined;
}
