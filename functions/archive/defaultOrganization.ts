import type { Db } from '../platform/database/index.ts';

/** Where an agent lands that nobody has claimed yet: the first organization, which a new installation makes. */
export async function defaultOrganizationId(db: Db): Promise<string> {
  const row = await db
    .selectFrom('organizations')
    .select('id')
    .orderBy('created_at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) {
    throw new Error('Cannot enrol an agent: there is no organization; wanted the one that set-up makes');
  }
  return row.id;
}
