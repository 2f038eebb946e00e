import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestDatabase } from '../../../test/support/database.ts';
import type { TestDatabase } from '../../../test/support/database.ts';
import { dumpSchema } from '../../../test/support/schema-dump.ts';
import { tablesOf } from '../../../test/support/migration-tables.ts';
import { readMigrations } from './migrating/migration-files.ts';
import { migrationsFolder } from './migrating/migrate.ts';
import { untyped } from './transaction.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

it('A7 the schema that the migrations make is the one that was reviewed', async () => {
  const tables = tablesOf(await readMigrations(migrationsFolder(), database.dialect)).columns;
  for (const [table, columns] of tables) {
    const names = [...columns.keys()].map((name) => name as never);
    const empty = await untyped(database.db).selectFrom(table).select(names).limit(1).execute();
    expect(empty).toEqual([]);
  }
  if (database.dialect !== 'postgres') return; // the dump reads PostgreSQL's catalogue
  await expect(await dumpSchema(database.db)).toMatchFileSnapshot('./schema.postgres.sql');
});
