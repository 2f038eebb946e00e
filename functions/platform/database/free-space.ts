import { CompiledQuery } from 'kysely';
import type { Database } from './database.ts';
import type { TableName } from './schema.ts';

/**
 * Makes the space of rows that were deleted usable again. PostgreSQL: VACUUM, which needs no further space and lets others
 * read and write; files shrink only where their end is empty. SQL Server does this by itself.
 */
export async function freeDeletedSpace(database: Database, tables: readonly TableName[]): Promise<void> {
  if (database.dialect !== 'postgres') return;
  // Text of one dialect: it passes by whatever watches the trees of statements.
  for (const table of tables)
    await database.db.executeQuery(CompiledQuery.raw(`vacuum (analyze) "${table}"`));
}
