import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { bySql } from './by-sql.ts';

/**
 * The text of one scalar member of a `_json` column, null where it is absent (of a JSON null, Babelfish
 * makes a text); at most 4,000 characters on SQL Server.
 * `key` is a plain member name. A filter on it reads every row: give what is searched often a column of its own.
 */
export function jsonText(column: string, key: string): RawBuilder<string | null> {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) {
    throw new TypeError(
      `Cannot read a JSON member ${JSON.stringify(key)}: wanted letters, digits and underscores`,
    );
  }
  return bySql<string | null>({
    postgres: sql`(${sql.ref(column)} ->> ${sql.lit(key)})`,
    mssql: sql`json_value(${sql.ref(column)}, ${sql.lit(`$.${key}`)})`,
  });
}
