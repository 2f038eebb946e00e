import { CompiledQuery, type RawBuilder } from 'kysely';
import type { Db } from '../schema.ts';

/** Where a value goes in a statement that is compiled before the value is known. */
export class Place {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** The statement with its values, by the names of their places. */
export type Bound = (values: Readonly<Record<string, unknown>>) => CompiledQuery;

/**
 * Compiles a statement for PostgreSQL whose values come later, and again and again: for a write of one row, making the tree
 * and compiling it costs more than the database takes.
 */
export function keptStatement(db: Db, statement: RawBuilder<unknown>): Bound {
  const { sql, parameters } = statement.compile(db);
  return (values) =>
    CompiledQuery.raw(
      sql,
      parameters.map((parameter) => (parameter instanceof Place ? values[parameter.name] : parameter)),
    );
}
