import { type Actor, recordAudit } from '../../access/index.ts';
import type { Db } from '../../platform/database/index.ts';
import type { Identity } from '../../platform/http/identity.ts';
import { Problem } from '../../platform/http/problem.ts';
import type { WriteContext } from '../../platform/runs/index.ts';

/** Who decides something about alerts, for whose rows, under which correlation id. */
export interface Decision {
  readonly organizationId: string;
  readonly actor: Actor;
  /** How rows and history name the one who decides. */
  readonly name: string;
  readonly correlationId: string;
}

/** The decision of a signed-in person; nobody else decides about alerts. */
export function decisionOf(request: { readonly caller: Identity; readonly correlationId: string }): Decision {
  const { caller, correlationId } = request;
  if (caller.kind !== 'person')
    throw new Problem('not-allowed', `This is for people; the caller is ${caller.kind}.`);
  return { organizationId: caller.organizationId, actor: caller, name: caller.email, correlationId };
}

/** Whose alerts a caller may see: a person their organization's, the CI secret (null) all. */
export function scopeOf(caller: Identity): string | null {
  return caller.kind === 'person' ? caller.organizationId : null;
}

/** Writes the decision down, in the transaction that carries it out. */
export async function recordDecision(
  tx: Db,
  { organizationId, actor, correlationId }: Decision,
  done: {
    readonly action: string;
    readonly subjectType: string;
    readonly subjectId: string;
    readonly detail?: unknown;
  },
  { at, newId }: WriteContext,
): Promise<void> {
  await recordAudit(tx, { id: newId(), at, organizationId, actor, correlationId, ...done });
}
