import { type Db, withLock } from '../../platform/database/index.ts';
import type { WriteContext } from '../../platform/runs/index.ts';
import { nameKey } from '../proposedJobs.ts';

/** The group of this name, made when it is not there; letters of another case are the same name, as SQL Server would have it. */
export async function groupNamed(
  tx: Db,
  organizationId: string,
  name: string,
  context: WriteContext,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  return withLock(tx, `runner groups of ${organizationId}`, async (locked) => {
    const groups = await locked
      .selectFrom('runner_groups')
      .select(['id', 'name'])
      .where('organization_id', '=', organizationId)
      .execute();
    const found = groups.find((group) => nameKey(group.name) === nameKey(name));
    if (found !== undefined) return { id: found.id, isNew: false };
    const id = context.newId();
    await locked
      .insertInto('runner_groups')
      .values({ id, organization_id: organizationId, name: name.trim(), created_at: context.at })
      .execute();
    return { id, isNew: true };
  });
}
