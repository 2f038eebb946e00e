import { sql } from 'kysely';
import type { AliasedRawBuilder, RawBuilder } from 'kysely';
import { bySql } from './by-sql.ts';
import { baseType, columnForms } from './column-type.ts';
import type { ColumnForm, ColumnType, ColumnValue } from './column-type.ts';
import { rowsToJson } from './row-json.ts';

export type ColumnTypes = Readonly<Record<string, ColumnType>>;

/** A row with exactly the columns that were declared. */
export type RowOf<C extends ColumnTypes> = { [Name in keyof C]: ColumnValue<C[Name]> };

/**
 * Rows in memory as a table of a query (`selectFrom`, `innerJoin`, insert from select): one JSON parameter, however
 * many rows, so that the 2,100 parameters of SQL Server are never a bound. Send at most 1,000 rows at a time.
 * Use type `id` (up to 400 characters) for text that is joined or becomes a key. The order of rows is not kept.
 */
export function rowsFrom<A extends string, C extends ColumnTypes>(
  alias: A,
  columns: C,
  rows: ReadonlyArray<RowOf<C>>,
): AliasedRawBuilder<RowOf<C>, A> {
  const parameter = sql.val(rowsToJson(columns, rows));
  const forms = Object.entries(columns).map(([name, type]) => ({ name, form: columnForms[baseType(type)] }));
  return bySql<RowOf<C>>({ postgres: recordset(forms, parameter), mssql: openJson(forms, parameter) }).as(
    alias,
  );
}

interface NamedForm {
  readonly name: string;
  readonly form: ColumnForm;
}

function recordset(columns: readonly NamedForm[], parameter: RawBuilder<unknown>): RawBuilder<unknown> {
  const selected = columns.map(({ name, form }) => sql`${form.fromPostgres(name)} as ${sql.ref(name)}`);
  const declared = columns.map(({ name, form }) => sql`${sql.ref(name)} ${sql.raw(form.postgres)}`);
  return sql`(select ${sql.join(selected)} from jsonb_to_recordset(${parameter}::jsonb) as json_rows(${sql.join(declared)}))`;
}

function openJson(columns: readonly NamedForm[], parameter: RawBuilder<unknown>): RawBuilder<unknown> {
  const selected = columns.map(({ name, form }) => sql`${form.fromMssql(name)} as ${sql.ref(name)}`);
  const declared = columns.map(
    ({ name, form }) => sql`${sql.ref(name)} ${sql.raw(form.mssql)} ${sql.lit(`$.${name}`)}`,
  );
  return sql`(select ${sql.join(selected)} from openjson(${parameter}) with (${sql.join(declared)}) as json_rows)`;
}
