import type { Identity } from '../platform/http/identity.ts';
import { Problem } from '../platform/http/problem.ts';
import { firstOrganizationId } from '../platform/organizations.ts';
import type { Services } from '../platform/services.ts';

/** Whose workflows a caller may touch, and by which name it is known. The workflow key belongs to the first organization. */
export async function ownerOf(
  services: Services,
  caller: Identity,
): Promise<{ readonly organizationId: string; readonly by: string }> {
  if (caller.kind === 'person') return { organizationId: caller.organizationId, by: caller.email };
  if (caller.kind !== 'workflow')
    throw new Problem('not-allowed', `This is not for callers of kind ${caller.kind}.`);
  const organizationId = await firstOrganizationId(services.database.db);
  if (organizationId === undefined) throw new Problem('not-found', 'There is no organization yet.');
  return { organizationId, by: 'workflow key' };
}
