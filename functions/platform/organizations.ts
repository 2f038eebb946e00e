import type { Db } from './database/index.ts';

/** The organization that what concerns the whole platform belongs to: the first. Undefined before set-up has made one. */
export async function firstOrganizationId(db: Db): Promise<string | undefined> {
  const row = await db
    .selectFrom('organizations')
    .select('id')
    .orderBy('created_at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return row?.id;
}
