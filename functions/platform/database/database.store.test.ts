import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestDatabase } from '../../../test/support/database.ts';
import type { TestDatabase } from '../../../test/support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

it('A7 a test database is migrated and empty', async () => {
  expect(await database.db.selectFrom('organizations').selectAll().execute()).toEqual([]);
});
