import { sql } from 'kysely';
import type { Database } from './database.ts';
import { bySql } from './fragments/by-sql.ts';

/**
 * What about a database's settings would make it slower or less safe than this project expects; empty if nothing.
 * For start-up to log. Without READ_COMMITTED_SNAPSHOT readers of SQL Server wait for writers, and deadlock with them.
 */
export async function databaseWarnings(database: Database): Promise<string[]> {
  const settings = bySql<{ snapshot: number | boolean; encoding: string }>({
    postgres: sql`select 1 as snapshot, current_setting('server_encoding') as encoding`,
    mssql: sql`select is_read_committed_snapshot_on as snapshot, 'UTF8' as encoding from sys.databases where name = db_name()`,
  });
  const [found] = (await settings.execute(database.db)).rows;
  const warnings: string[] = [];
  if (found && Number(found.snapshot) === 0) {
    warnings.push(
      'READ_COMMITTED_SNAPSHOT is off: ALTER DATABASE … SET READ_COMMITTED_SNAPSHOT ON, wanted for every database',
    );
  }
  if (found && found.encoding !== 'UTF8')
    warnings.push(`The database’s encoding is ${found.encoding}, wanted UTF8`);
  return warnings;
}
