import type { Selectable, Updateable } from 'kysely';
import type { Db, Schema } from '../schema.ts';
import { untyped } from '../transaction.ts';

/** Tables whose writers decide from what they read. */
export type VersionedTable = {
  [T in keyof Schema]: 'version' extends keyof Schema[T] ? T : never;
}[keyof Schema];

/**
 * Compare-and-set: writes `set` and the next version if the row still has `version`, and gives the new row back;
 * undefined means that a rival was first (or the row is gone). Correct without any lock on both databases.
 */
export async function claim<T extends VersionedTable>(
  db: Db,
  table: T,
  options: {
    readonly key: Partial<Selectable<Schema[T]>>;
    readonly version: number;
    readonly set: Omit<Updateable<Schema[T]>, 'version'>;
  },
): Promise<Selectable<Schema[T]> | undefined> {
  const key = Object.entries(options.key);
  if (key.length === 0) throw new TypeError(`Cannot claim in ${table}: the key names no column`);
  const update = untyped(db)
    .updateTable<string>(table)
    .set({ ...options.set, version: options.version + 1 })
    .where((eb) =>
      eb.and([eb('version', '=', options.version), ...key.map(([name, value]) => eb(name, '=', value))]),
    );
  return (await update.returningAll().executeTakeFirst()) as Selectable<Schema[T]> | undefined;
}
