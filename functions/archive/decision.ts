import { type Actor, recordAudit } from '../access/index.ts';
import type { Db } from '../platform/database/index.ts';
import type { Identity } from '../platform/http/identity.ts';
import { Problem } from '../platform/http/problem.ts';
import type { WriteContext } from '../platform/runs/index.ts';

/** Who decides something, for whose rows, under which correlation id. */
export interface Decision {
  readonly organizationId: string;
  readonly actor: Actor;
  readonly correlationId?: string;
}

/** The decision of a signed-in person; other callers have no organization to decide for. */
export function decisionOf(request: { readonly caller: Identity; readonly correlationId: string }): Decision {
  const { caller, correlationId } = request;
  if (caller.kind !== 'person') {
    throw new Problem('not-allowed', `This is for people; the caller is ${caller.kind}.`);
  }
  return { organizationId: caller.organizationId, actor: caller, correlationId };
}

/** How the one who decides is named in the rows themselves. */
export function actorName(actor: Actor): string {
  if (actor.kind === 'person') return actor.email;
  return actor.kind === 'system' ? actor.name : actor.kind;
}

/** Writes the decision down, in the transaction that carries it out. */
export async function recordDecision(
  tx: Db,
  decision: Decision,
  done: {
    readonly action: string;
    readonly subjectType: string;
    readonly subjectId: string;
    readonly detail?: unknown;
  },
  context: WriteContext,
): Promise<void> {
  await recordAudit(tx, { id: context.newId(), at: context.at, ...decision, ...done });
}
