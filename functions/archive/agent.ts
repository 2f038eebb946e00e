import type { Identity } from '../platform/http/identity.ts';
import { Problem } from '../platform/http/problem.ts';

/** An agent that the edge has authenticated by its key. */
export type Agent = Extract<Identity, { kind: 'agent' }>;

/** The agent that calls an endpoint which only agents may call. */
export function agentOf(caller: Identity): Agent {
  if (caller.kind === 'agent') return caller;
  throw new Problem('not-allowed', `This is for agents; the caller is ${caller.kind}.`);
}
