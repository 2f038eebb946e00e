import { type RawBuilder, sql } from 'kysely';
import { bySql } from './by-sql.ts';

/** A text that compares by code point, whatever order a PostgreSQL database was made with; T-SQL's columns all do so. */
export function byCodePoint(text: RawBuilder<unknown>): RawBuilder<string> {
  return bySql<string>({ postgres: sql`(${text}) collate "C"`, mssql: text });
}
