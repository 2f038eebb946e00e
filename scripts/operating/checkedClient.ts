import type { z } from 'zod';
import type { Client } from '../../shared/client/index.ts';
import type { Endpoint } from '../../shared/contract/endpoint.ts';
import { wrongCall } from './ending.ts';

/**
 * The client, but what the contract does not take ends the command before anything is sent. It is made for the first
 * call: whoever wrote nonsense hears of that, and not of a token that is missing as well.
 */
export function checkedClient(connect: () => Client): Client {
  let client: Client | undefined;
  return {
    call: async (endpoint, input) => {
      const { params, query, body } = input as Readonly<Record<string, unknown>>;
      check(endpoint, [
        [endpoint.params, params ?? {}],
        [endpoint.query, query ?? {}],
        [endpoint.body, body],
      ]);
      client ??= connect();
      return client.call(endpoint, input);
    },
  };
}

function check(endpoint: Endpoint, parts: readonly (readonly [z.ZodType, unknown])[]): void {
  const issues = parts.flatMap(([schema, value]) => schema.safeParse(value).error?.issues ?? []);
  if (issues.length === 0) return;
  const lines = issues.map(({ path, message }) => `  ${path.join('.') || 'it'}: ${message}`);
  throw wrongCall(`Nothing was sent: this is not what ${endpoint.path} takes`, ...lines);
}
