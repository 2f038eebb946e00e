import type { Db } from '../platform/database/index.ts';

/** Whether there is such a runner; `organizationId` null: in any organization. */
export async function runnerExists(
  db: Db,
  runnerId: string,
  organizationId: string | null,
): Promise<boolean> {
  let query = db.selectFrom('runners').select('id').where('id', '=', runnerId);
  if (organizationId !== null) query = query.where('organization_id', '=', organizationId);
  return (await query.executeTakeFirst()) !== undefined;
}
