import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  classifyDatabaseError,
  type Database,
  type Db,
  openDatabase,
} from '../../functions/platform/database/index.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.db.deleteFrom('organizations').execute());

const insert = (db: Db, id: string) =>
  db
    .insertInto('organizations')
    .values({ id, name: id, created_at: new Date(0) })
    .returning('id')
    .execute();
const ids = async () =>
  (await database.db.selectFrom('organizations').select('id').orderBy('id').execute()).map(({ id }) => id);

/** A pool of one connection, which knows `begin` by its name already. */
async function openOne(options = ''): Promise<Database> {
  const one = await openDatabase({ url: `${database.url}${options}`, poolMax: 1 });
  onTestFinished(() => one.close());
  await one.transaction((tx) => sql`select 1`.execute(tx));
  return one;
}

describe('a begin that travels with the first statement', () => {
  it.each(['', '?statements=unnamed'])(
    'A7 begins a transaction, and the statement is part of it %s',
    async (mode) => {
      const one = await openOne(mode);
      for (let n = 0; n < 8; n += 1) {
        const failed = one.transaction(async (tx) => {
          expect(await insert(tx, `undone-${String(n)}`)).toEqual([{ id: `undone-${String(n)}` }]);
          throw new Error('on purpose');
        });
        await expect(failed).rejects.toThrow('on purpose');
        expect(await one.transaction((tx) => insert(tx, `kept-${String(n)}`))).toHaveLength(1);
      }
      expect(await ids()).toEqual(Array.from({ length: 8 }, (_, n) => `kept-${String(n)}`));
    },
  );

  it('A7 a transaction of nothing leaves nothing open, and one whose first statement is wrong is rolled back', async () => {
    const one = await openOne();
    await one.transaction(async () => undefined);
    await insert(one.db, 'by itself');
    expect(await ids()).toEqual(['by itself']);
    const twice = one.transaction((tx) => insert(tx, 'by itself'));
    await expect(twice).rejects.toThrow('duplicate key');
    await one.transaction((tx) => insert(tx, 'later'));
    expect(await ids()).toEqual(['by itself', 'later']);
  });

  it('A7 a transaction in which the error of a statement was caught is not taken for committed', async () => {
    const one = await openOne();
    await insert(one.db, 'there');
    const hushed = one.transaction(async (tx) => {
      await insert(tx, 'before');
      await insert(tx, 'there').catch(() => undefined);
    });
    await expect(hushed).rejects.toThrow('Could not commit');
    await one.transaction((tx) => insert(tx, 'after'));
    expect(await ids()).toEqual(['after', 'there']);
  });

  it('A7 several statements without parameters, as of a migration, go after it', async () => {
    const one = await openOne();
    const failed = one.transaction(async (tx) => {
      await sql
        .raw('create table first_of_two (id integer); create table second_of_two (id integer)')
        .execute(tx);
      throw new Error('on purpose');
    });
    await expect(failed).rejects.toThrow('on purpose');
    const { rows } = await sql`select to_regclass('first_of_two') as name`.execute(database.db);
    expect(rows).toEqual([{ name: null }]);
  });

  it('A7 B31 where it fails, the statement is not carried out alone', async () => {
    const one = await openOne();
    await sql`deallocate all`.execute(one.db);
    const failed: unknown = await one
      .transaction((tx) => insert(tx, 'alone'))
      .catch((error: unknown) => error);
    expect(String(failed)).toContain('"ds_begin" does not exist');
    expect(classifyDatabaseError(failed)).toEqual({ kind: 'connection', transient: true });
    expect(await ids()).toEqual([]);
    // That connection was given up.
    await one.transaction((tx) => insert(tx, 'once'));
    expect(await ids()).toEqual(['once']);
  });
});
