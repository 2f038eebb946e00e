import type { AliasedRawBuilder } from 'kysely';
import { bySql } from './by-sql.ts';
import type { ColumnTypes, RowOf } from './column-type.ts';
import { openJson } from './open-json.ts';
import { postgresJson, recordset } from './recordset.ts';

/**
 * Rows in memory as a table of a query (`selectFrom`, `innerJoin`, insert from select): one JSON parameter, however
 * many rows, so that the 2,100 parameters of SQL Server are never a bound. Send at most 1,000 rows at a time.
 * Use type `id` (up to 400 characters) for text that is joined or becomes a key. The order of rows is not kept.
 * A `json` column read back directly needs an alias that ends in `_json` to be parsed on both databases.
 */
export function rowsFrom<A extends string, C extends ColumnTypes>(
  alias: A,
  columns: C,
  rows: ReadonlyArray<RowOf<C>>,
): AliasedRawBuilder<RowOf<C>, A> {
  return bySql<RowOf<C>>({
    postgres: () => recordset(columns, postgresJson(columns, rows)),
    mssql: () => openJson(columns, rows),
  }).as(alias);
}
