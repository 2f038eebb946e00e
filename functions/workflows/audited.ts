import { recordAudit } from '../access/index.ts';
import type { Db } from '../platform/database/index.ts';
import type { Identity } from '../platform/http/identity.ts';
import type { Services } from '../platform/services.ts';

/** Writes who did what to a run into the audit log, in the transaction that does it. */
export function audited(
  services: Services,
  action: string,
  who: { readonly caller: Identity; readonly organizationId: string; readonly correlationId: string },
  detail: unknown,
): (tx: Db, runId: string) => Promise<void> {
  const { caller: actor, organizationId, correlationId } = who;
  return (tx, subjectId) =>
    recordAudit(tx, {
      id: services.newId(),
      at: services.now(),
      organizationId,
      actor,
      action,
      subjectType: 'run',
      subjectId,
      detail,
      correlationId,
    });
}
