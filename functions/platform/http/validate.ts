import type { z } from 'zod';
import { Problem } from './problem.ts';

/** A problem document names at most this many faults. */
const MAX_FAULTS = 20;
const MAX_POINTER_LENGTH = 300;

export interface Fault {
  readonly pointer: string;
  readonly message: string;
}

/** One part of a request (`params`, `query`, `body`) against its schema. Throws `invalid-request` with JSON pointers (RFC 6901). */
export function validate<T>(part: 'params' | 'query' | 'body', schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    refuseNul(part, parsed.data);
    return parsed.data;
  }
  const { issues } = parsed.error;
  const faults = issues.slice(0, MAX_FAULTS).flatMap((issue) => faultsOf(issue, `/${part}`));
  const more = issues.length > MAX_FAULTS ? ` (of ${String(issues.length)})` : '';
  throw new Problem(
    'invalid-request',
    `The ${part} of the request is not what was wanted; \`errors\` says where${more}.`,
    {
      errors: faults.slice(0, MAX_FAULTS),
    },
  );
}

/** No text of ours holds a NUL, and PostgreSQL can store none: it is refused here, once for all endpoints. */
function refuseNul(part: string, data: unknown): void {
  // A body may hold tens of thousands of texts: their places are written out only when one is refused.
  const place = holdsNul(data) ? placeOfNul(data, `/${part}`) : undefined;
  if (place === undefined) return;
  throw new Problem('invalid-request', `A text in the ${part} holds a NUL; wanted: printable text.`, {
    errors: [{ pointer: bounded(place), message: 'holds a NUL; wanted: printable text' }],
  });
}

function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0');
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsNul);
  for (const name in value) if (holdsNul((value as Record<string, unknown>)[name])) return true;
  return false;
}

function placeOfNul(value: unknown, place: string): string | undefined {
  if (typeof value === 'string') return value.includes('\0') ? place : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const found = placeOfNul(member, `${place}/${escaped(name)}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function faultsOf(issue: z.core.$ZodIssue, root: string): Fault[] {
  const place = issue.path.reduce<string>((pointer, step) => `${pointer}/${escaped(step)}`, root);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      pointer: bounded(`${place}/${escaped(key)}`),
      message: 'is not known here',
    }));
  return [{ pointer: bounded(place), message: messageOf(issue) }];
}

/** Of a union, what the last branch says: unions of the contract name the exception first and the rule last. */
function messageOf(issue: z.core.$ZodIssue): string {
  const branch = issue.code === 'invalid_union' ? issue.errors.at(-1)?.[0] : undefined;
  return branch === undefined ? issue.message : messageOf(branch);
}

function escaped(step: PropertyKey): string {
  return String(step).replaceAll('~', '~0').replaceAll('/', '~1');
}

/** Names of fields come from the caller. */
function bounded(pointer: string): string {
  return pointer.length > MAX_POINTER_LENGTH ? `${pointer.slice(0, MAX_POINTER_LENGTH)}…` : pointer;
}
