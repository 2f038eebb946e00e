import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { baseType, idMaxLength } from './column-type.ts';
import type { AnyRows, ColumnTypeName, ColumnTypes } from './column-type.ts';
import { decodedText, encodeText, longestCode } from './plain-json-text.ts';
import { rowsToJson } from './row-json.ts';

/** T-SQL's table of rows. */
export function openJson(columns: ColumnTypes, rows: AnyRows): RawBuilder<unknown> {
  const encoded = new Map<string, Set<string>>();
  const parameter = rowsToJson(columns, rows, {
    text: (column, value) => encodeText(value, setOf(encoded, column)),
    bool: Number,
  });
  const types = Object.entries(columns).map(([name, type]) => [name, baseType(type)] as const);
  const selected = types.map(
    ([name, type]) => sql`${read(name, type, setOf(encoded, name))} as ${sql.ref(name)}`,
  );
  const listed = types.map(
    ([name, type]) => sql`${sql.ref(name)} ${sql.raw(declared[type])} ${sql.lit(`$.${name}`)}`,
  );
  // TOP of everything: a server that would take the conversions into a join does them once a row instead of once a pair.
  return sql`(select top (2147483647) ${sql.join(selected)} from openjson(${parameter}) with (${sql.join(listed)}) as json_rows)`;
}

const declared: Readonly<Record<ColumnTypeName, string>> = {
  text: 'nvarchar(max)',
  id: `nvarchar(${idMaxLength * longestCode})`,
  int: 'int',
  bigint: 'bigint',
  float: 'float',
  bool: 'bit',
  instant: 'datetimeoffset(3)',
  key: 'nvarchar(64)',
  json: 'nvarchar(max)', // AS JSON would lose a JSON value that is no object or array
};

/** Text of OPENJSON has the database's collation; every text column of ours is binary, and the two cannot be compared. */
function read(column: string, type: ColumnTypeName, encoded: ReadonlySet<string>): RawBuilder<unknown> {
  const reference = sql`${sql.ref(column)}`;
  if (type === 'key') return sql`convert(binary(32), ${reference}, 2)`;
  const isText = type === 'text' || type === 'id' || type === 'json';
  return isText ? decodedText(sql`${reference} collate Latin1_General_BIN2`, encoded) : reference;
}

function setOf(sets: Map<string, Set<string>>, column: string): Set<string> {
  const known = sets.get(column) ?? new Set<string>();
  sets.set(column, known);
  return known;
}
