import { sql } from 'kysely';
import { bySql } from './fragments/by-sql.ts';
import type { Db } from './schema.ts';

export interface DatabaseSize {
  readonly usedBytes: number;
  /** As the server says it; null: it does not say. */
  readonly quotaBytes: number | null;
}

interface Answer {
  /** A driver may give a bigint as text. */
  readonly used_bytes: number | string | null;
  readonly quota_bytes: number | string | null;
}

/** Azure SQL counts what its pages hold against the size that its tier allows. */
const exactSize = bySql<Answer>({
  postgres: sql`select pg_database_size(current_database()) as used_bytes, cast(null as bigint) as quota_bytes`,
  mssql: sql`select sum(cast(fileproperty(name, 'SpaceUsed') as bigint)) * 8192 as used_bytes, cast(databasepropertyex(db_name(), 'MaxSizeInBytes') as bigint) as quota_bytes from sys.database_files where type = 0`,
});

/** For T-SQL servers that know no file properties: what their files take, which is more than is used. */
const roughSize = bySql<Answer>({
  postgres: sql`select pg_database_size(current_database()) as used_bytes, cast(null as bigint) as quota_bytes`,
  mssql: sql`select sum(cast(size as bigint)) * 8192 as used_bytes, cast(null as bigint) as quota_bytes from sys.database_files where type = 0`,
});

/** For Babelfish, which lists no files and answers as the PostgreSQL that it is. */
const sizeOfRelations = bySql<Answer>({
  postgres: sql`select pg_database_size(current_database()) as used_bytes, cast(null as bigint) as quota_bytes`,
  mssql: sql`select sum(pg_catalog.pg_relation_size(c.oid)) as used_bytes, cast(null as bigint) as quota_bytes from pg_catalog.pg_class c`,
});

/**
 * How much the database holds, by the first way that this server knows. Undefined where it knows none but answers; throws
 * when every way fails, as when it does not answer.
 */
export async function databaseSize(db: Db): Promise<DatabaseSize | undefined> {
  const failures: unknown[] = [];
  const ways = [exactSize, roughSize, sizeOfRelations];
  for (const way of ways) {
    try {
      const size = sizeOf((await way.execute(db)).rows[0]);
      if (size !== undefined) return size;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length === ways.length)
    throw new Error('The size of the database could not be read', { cause: failures[0] });
  return undefined;
}

function sizeOf(answer: Answer | undefined): DatabaseSize | undefined {
  const usedBytes = Number(answer?.used_bytes ?? 0);
  if (usedBytes <= 0) return undefined;
  const quotaBytes = Number(answer?.quota_bytes ?? 0);
  return { usedBytes, quotaBytes: quotaBytes > 0 ? quotaBytes : null };
}
