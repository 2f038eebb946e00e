import { auditResults, fidelityAudit } from '../../shared/contract/audit.ts';
import { type EndpointHandler, handle } from '../platform/http/handler.ts';
import type { Identity } from '../platform/http/identity.ts';
import { type AuditParts, listAudits, runAudit } from './audit.ts';
import type { Scope } from './store.ts';

export const auditHandlers = (parts: AuditParts): readonly EndpointHandler[] => [
  handle(fidelityAudit, async ({ query, caller }, services) => ({
    body: await runAudit(services, parts, {
      scope: scopeOf(caller),
      trigger: caller.kind === 'ci' ? 'ci' : 'manual',
      requestedBy: caller.kind === 'person' ? caller.email : caller.kind,
      minVersion: query.minVersion ?? null,
    }),
  })),
  handle(auditResults, async ({ caller }, services) => ({
    body: {
      now: services.now().toISOString(),
      results: await listAudits(services.database.db, scopeOf(caller)),
    },
  })),
];

/** A person sees their organization; the CI secret all of them. */
function scopeOf(caller: Identity): Scope {
  return caller.kind === 'person' ? caller.organizationId : null;
}
