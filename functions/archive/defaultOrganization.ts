import type { Db } from '../platform/database/index.ts';

/**
 * Where an agent lands that nobody has claimed yet: with the runner that it asks to be, if there is one, whose people
 * decide on it; else in the first organization, which a new installation makes.
 */
export async function organizationOfNewcomer(db: Db, runnerId: string | undefined): Promise<string> {
  const named =
    runnerId === undefined
      ? undefined
      : await db
          .selectFrom('runners')
          .select('organization_id')
          .where('id', '=', runnerId)
          .executeTakeFirst();
  return named?.organization_id ?? (await defaultOrganizationId(db));
}

async function defaultOrganizationId(db: Db): Promise<string> {
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
