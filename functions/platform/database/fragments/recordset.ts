import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { baseType } from './column-type.ts';
import type { AnyRows, ColumnTypeName, ColumnTypes } from './column-type.ts';
import { rowsToJson } from './row-json.ts';

const declared: Readonly<Record<ColumnTypeName, string>> = {
  text: 'text',
  id: 'text',
  int: 'integer',
  bigint: 'bigint',
  float: 'double precision',
  bool: 'boolean',
  instant: 'timestamptz',
  key: 'text',
  json: 'text', // as text inside the row, as on SQL Server, where a JSON value that is no object would be lost
};

/** The one parameter of `recordset`. */
export function postgresJson(columns: ColumnTypes, rows: AnyRows): string {
  return rowsToJson(columns, rows, { text: (_column, value) => value, bool: (value) => value });
}

/** PostgreSQL's table of rows; the parameter is `postgresJson`'s, or its place. */
export function recordset(columns: ColumnTypes, parameter: unknown): RawBuilder<unknown> {
  const types = Object.entries(columns).map(([name, type]) => [name, baseType(type)] as const);
  const selected = types.map(([name, type]) => sql`${read(name, type)} as ${sql.ref(name)}`);
  const listed = types.map(([name, type]) => sql`${sql.ref(name)} ${sql.raw(declared[type])}`);
  return sql`(select ${sql.join(selected)} from jsonb_to_recordset(${parameter}::jsonb) as json_rows(${sql.join(listed)}))`;
}

function read(column: string, type: ColumnTypeName): RawBuilder<unknown> {
  if (type === 'key') return sql`decode(${sql.ref(column)}, 'hex')`;
  if (type === 'json') return sql`${sql.ref(column)}::jsonb`;
  return sql`${sql.ref(column)}`;
}
