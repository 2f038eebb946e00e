import { CompiledQuery, type RawBuilder } from 'kysely';
import type { Db } from '../schema.ts';
import type { AnyRows, ColumnTypes } from './column-type.ts';
import { postgresJson } from './recordset.ts';
import { upsertStatement } from './upsert-statement.ts';

/** An upsert of which only the rows are new each time. */
export interface UpsertShape {
  readonly table: string;
  readonly columns: ColumnTypes;
  readonly key: readonly string[];
  readonly update: readonly string[];
}

/** By the columns' object, which a store makes once; then by what else makes the text. */
const texts = new WeakMap<ColumnTypes, Map<string, string>>();

/**
 * The statement for PostgreSQL, whose text is put together once a shape: for a write of one row, making the tree and
 * compiling it costs more than the database takes.
 */
export function keptUpsert(db: Db, shape: UpsertShape, rows: AnyRows): CompiledQuery {
  const known = texts.get(shape.columns) ?? new Map<string, string>();
  texts.set(shape.columns, known);
  const name = JSON.stringify([shape.table, shape.key, shape.update]);
  const text = known.get(name) ?? compiled(db, shape).sql;
  known.set(name, text);
  return CompiledQuery.raw(text, [postgresJson(shape.columns, rows)]);
}

function compiled(db: Db, shape: UpsertShape): CompiledQuery {
  const statement: RawBuilder<unknown> = upsertStatement({ ...shape, rows: [], set: {}, guard: undefined });
  return statement.compile(db);
}
