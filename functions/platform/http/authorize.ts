import type { Caller, Endpoint } from '../../../shared/contract/endpoint.ts';
import type { Role } from '../../../shared/contract/fields.ts';
import type { Identity } from './identity.ts';
import { Problem } from './problem.ts';

const ranks: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 };

/** The weaker of two roles. */
export function lowerRole(a: Role, b: Role): Role {
  return ranks[a] <= ranks[b] ? a : b;
}

/** Whether a role includes another: `admin` ⊃ `operator` ⊃ `viewer`. */
export function includesRole(role: Role, wanted: Role): boolean {
  return ranks[role] >= ranks[wanted];
}

/** Throws `not-allowed` unless the endpoint lists the caller. Only people have roles: a secret may do what names it, nothing else. */
export function authorize(endpoint: Endpoint, caller: Identity): void {
  if (endpoint.callers.some((listed) => isListed(listed, caller))) return;
  throw new Problem(
    'not-allowed',
    `${endpoint.method} ${endpoint.path} is for ${endpoint.callers.join(', ')}; the caller is ${describe(caller)}.`,
  );
}

function isListed(listed: Caller, caller: Identity): boolean {
  if (listed === 'public') return true;
  if (listed === 'agent' || listed === 'ci' || listed === 'workflow') return caller.kind === listed;
  return caller.kind === 'person' && includesRole(caller.role, listed);
}

function describe(caller: Identity): string {
  return caller.kind === 'person' ? caller.role : caller.kind;
}
