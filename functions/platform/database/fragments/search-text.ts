import { sql } from 'kysely';
import type { RawBuilder, SqlBool } from 'kysely';
import { bySql } from './by-sql.ts';

/** The column begins with exactly this text; uses an index on the column where it is ordered by code point. */
export function startsWith(column: string, prefix: string): RawBuilder<SqlBool> {
  const pattern = `${prefix.replace(/[~%_[]/g, '~$&')}%`;
  return bySql<SqlBool>({
    postgres: sql`starts_with(${sql.ref(column)}, ${prefix})`,
    mssql: sql`${sql.ref(column)} like ${pattern} escape '~'`,
  });
}

/** The column contains this text, in whatever case; reads every row. */
export function containsText(column: string, text: string): RawBuilder<SqlBool> {
  return bySql<SqlBool>({
    postgres: sql`position(lower(${text}) in lower(${sql.ref(column)})) > 0`,
    mssql: sql`charindex(lower(${text}), lower(${sql.ref(column)})) > 0`,
  });
}
