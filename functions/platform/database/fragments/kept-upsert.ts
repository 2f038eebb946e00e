import type { CompiledQuery } from 'kysely';
import type { Db } from '../schema.ts';
import type { AnyRows, ColumnTypes } from './column-type.ts';
import { type Bound, keptStatement } from './kept-statement.ts';
import { postgresJson } from './recordset.ts';
import { placeOfRows, type UpsertShape, upsertStatement } from './upsert-statement.ts';

/** By the columns' object, which a store makes once; then by what else makes the text. */
const kept = new WeakMap<ColumnTypes, Map<string, Bound>>();

/** An upsert of which only the rows are new each time, for PostgreSQL. */
export function keptUpsert(db: Db, shape: UpsertShape, rows: AnyRows): CompiledQuery {
  const { columns, table, key, update } = shape;
  const known = kept.get(columns) ?? new Map<string, Bound>();
  kept.set(columns, known);
  const name = JSON.stringify([table, key, update]);
  const bound = known.get(name) ?? keptStatement(db, upsertStatement({ ...shape, rows: placeOfRows }));
  known.set(name, bound);
  return bound({ [placeOfRows.name]: postgresJson(columns, rows) });
}
