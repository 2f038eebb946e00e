import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { classifyDatabaseError, type Db, openDatabase } from '../../functions/platform/database/index.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

/** A pool of one connection, so that what one statement leaves is met by the next. */
async function openOne(options = ''): Promise<Db> {
  const one = await openDatabase({ url: `${database.url}${options}`, poolMax: 1 });
  onTestFinished(() => one.close());
  return one.db;
}

const alter = (db: Db, statement: string) => sql.raw(statement).execute(db);

const insert = (db: Db, id: string) =>
  db
    .insertInto('organizations')
    .values({ id, name: id, created_at: new Date(0) })
    .execute();

describe('plans that a connection to PostgreSQL keeps', () => {
  const held = async (db: Db) =>
    (await sql<{ name: string }>`select name from pg_prepared_statements`.execute(db)).rows.length;

  it('A7 a statement that comes again and again is planned once a connection, with statements=unnamed each time', async () => {
    const named = await openOne();
    for (let n = 0; n < 6; n += 1) await insert(named, `named-${String(n)}`);
    expect(await held(named)).toBe(1);
    const unnamed = await openOne('?statements=unnamed');
    for (let n = 0; n < 6; n += 1) await insert(unnamed, `unnamed-${String(n)}`);
    expect(await held(unnamed)).toBe(0);
    await expect(openOne('?statements=some')).rejects.toThrow('wanted named or unnamed');
  });

  it('D8 B49 a migration that adds a column breaks no statement of a connection that is open', async () => {
    const db = await openOne();
    const all = async () => [
      ...(await db.selectFrom('runners').selectAll().execute()),
      ...(await db.updateTable('runners').set({ name: 'n' }).returningAll().execute()),
    ];
    for (let n = 0; n < 8; n += 1) await all();
    const other = await openOne();
    await alter(other, 'alter table runners add column later text');
    expect(await all()).toEqual([]);
  });

  it('D8 a column that changes its type costs those connections that planned with it, and is transient', async () => {
    const other = await openOne();
    await alter(other, 'create table changing (value integer)');
    const db = await openOne();
    const read = () => sql`select value from changing`.execute(db);
    for (let n = 0; n < 8; n += 1) await read();
    await alter(other, 'alter table changing alter column value type text');
    const error: unknown = await read().catch((thrown: unknown) => thrown);
    expect(classifyDatabaseError(error)).toEqual({ kind: 'connection', transient: true });
    expect((await read()).rows).toEqual([]);
  });

  it('A7 a connection that has lost its statements, behind a proxy, is given up, and the next one works', async () => {
    const db = await openOne();
    const read = () => sql`select name from organizations`.execute(db);
    for (let n = 0; n < 8; n += 1) await read();
    await alter(db, 'deallocate all');
    const error: unknown = await read().catch((thrown: unknown) => thrown);
    expect(classifyDatabaseError(error)).toEqual({ kind: 'connection', transient: true });
    expect((await read()).rows).not.toEqual([]);
  });
});
