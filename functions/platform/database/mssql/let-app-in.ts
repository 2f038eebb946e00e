import { CompiledQuery } from 'kysely';
import type { Database } from '../database.ts';
import { type AppUser, appUserBatches } from './app-user.ts';

export type { AppUser } from './app-user.ts';

/** Gives the app's identity its user in a database of Azure SQL; idempotent. Throws on another database, which has no such users. */
export async function letAppIn(database: Database, user: AppUser): Promise<void> {
  if (database.dialect !== 'mssql')
    throw new TypeError('Cannot let an Entra identity into PostgreSQL: wanted a database of Azure SQL');
  // Text of one dialect, a batch each: the server resolves names of a batch before it runs any of it.
  for (const batch of appUserBatches(user)) await database.db.executeQuery(CompiledQuery.raw(batch));
}
