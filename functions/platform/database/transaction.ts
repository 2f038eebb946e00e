import type { Kysely } from 'kysely';
import { toldOnceDone } from '../telemetry/customEvents.ts';
import type { Db } from './schema.ts';

/** The same builder where a table is a variable: its columns are then checked by the function's own types. */
export type UntypedDb = Kysely<Record<string, Record<string, unknown>>>;

export function untyped(db: Db): UntypedDb {
  return db as unknown as UntypedDb;
}

/** Runs `fn` in the transaction that `db` already is, or in a new one. */
export async function inTransaction<T>(db: Db, fn: (transaction: Db) => Promise<T>): Promise<T> {
  return db.isTransaction ? fn(db) : toldOnceDone(() => db.transaction().execute(fn));
}
