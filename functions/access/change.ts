import type { Identity } from '../platform/http/identity.ts';
import { Problem } from '../platform/http/problem.ts';

/** A signed-in person, by session or token. */
export type Person = Extract<Identity, { kind: 'person' }>;

/** Who changes something, under which correlation id: what the audit log wants to know. */
export interface Change {
  readonly caller: Person;
  readonly correlationId: string;
}

/** The person who calls an endpoint that only people may call. */
export function personOf(caller: Identity): Person {
  if (caller.kind === 'person') return caller;
  throw new Problem('not-allowed', `This is for people; the caller is ${caller.kind}.`);
}
