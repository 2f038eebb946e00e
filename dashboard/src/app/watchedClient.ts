import { type Client, ProblemError } from '../../../shared/client/index.ts';
import type { Clock } from './clock.ts';
import type { Connection } from './connection.ts';

/**
 * A client that tells the connection of each answer and each silence, and the clock what time the server has.
 * A call that the page itself gave up is neither.
 */
export function watchedClient(client: Client, connection: Connection, clock: Clock): Client {
  return {
    call: async (endpoint, input) => {
      try {
        const answer = await client.call(endpoint, input);
        connection.answered();
        const serverNow = nowOf(answer);
        if (serverNow !== undefined) clock.observe(serverNow);
        return answer;
      } catch (error) {
        if (error instanceof ProblemError) connection.answered();
        else if (input.signal?.aborted !== true) connection.failed(messageOf(error));
        throw error;
      }
    },
  };
}

function nowOf(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null || !('now' in answer)) return undefined;
  return typeof answer.now === 'string' ? answer.now : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
