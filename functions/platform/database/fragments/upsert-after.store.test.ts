import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase } from '../../../../test/support/database.ts';
import type { TestDatabase } from '../../../../test/support/database.ts';
import { upsertAfter } from '../index.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.db.deleteFrom('users').execute();
  await database.db.deleteFrom('organizations').execute();
  await database.db
    .insertInto('organizations')
    .values({ id: 'one', name: 'first', created_at: at })
    .execute();
});

const at = new Date('2026-04-13T02:00:00.123Z');
const columns = {
  id: 'id',
  organization_id: 'id',
  email: 'text',
  email_key: 'id',
  display_name: 'text',
  role: 'text',
  created_at: 'instant',
  updated_at: 'instant',
} as const;
const user = (name: string, id = 'ada', organization = 'one') => ({
  ...{ id, organization_id: organization, email: 'ada@example.org', email_key: `${id}@example.org` },
  ...{ display_name: name, role: 'viewer', created_at: at, updated_at: at },
});

/** Renames an organization if it has the expected name, and then writes one of its users. */
const renameAndWrite = upsertAfter(
  { table: 'users', columns, key: ['id'], update: ['display_name'] },
  (db, { marks }: { marks: boolean }, { from, to }: { from: string; to: string }) =>
    db
      .updateTable('organizations')
      .set({ name: to, ...(marks ? { created_at: new Date(0) } : {}) })
      .where('id', '=', 'one')
      .where('name', '=', from),
);
const plainly = { marks: false };

async function stored() {
  const { name } = await database.db.selectFrom('organizations').select('name').executeTakeFirstOrThrow();
  const users = await database.db.selectFrom('users').select('display_name').orderBy('id').execute();
  return [name, ...users.map(({ display_name: shown }) => shown)];
}

describe('A7 upsertAfter', () => {
  it('A7 updates one row and inserts or updates another, however often it comes', async () => {
    for (let n = 0; n < 12; n += 1) {
      const values = { from: n === 0 ? 'first' : `name ${String(n - 1)}`, to: `name ${String(n)}` };
      expect(await renameAndWrite(database.db, plainly, values, user(`shown ${String(n)}`))).toBe(true);
      expect(await stored()).toEqual([`name ${String(n)}`, `shown ${String(n)}`]);
    }
  });

  it('A7 writes nothing where the first finds no row', async () => {
    const values = { from: 'another name', to: 'new' };
    expect(await renameAndWrite(database.db, plainly, values, user('never'))).toBe(false);
    expect(await stored()).toEqual(['first']);
  });

  it('A7 undoes the first where the second fails', async () => {
    const orphan = user('no organization', 'eve', 'two');
    const failed = renameAndWrite(database.db, plainly, { from: 'first', to: 'new' }, orphan);
    await expect(failed).rejects.toThrow(/foreign key/i);
    expect(await stored()).toEqual(['first']);
  });

  it('A7 B7 of rivals one writes, and the others nothing', async () => {
    const rivals = Array.from({ length: 8 }, (_, n) =>
      renameAndWrite(
        database.db,
        plainly,
        { from: 'first', to: `of ${String(n)}` },
        user(`by ${String(n)}`, `rival ${String(n)}`),
      ),
    );
    const won = (await Promise.all(rivals)).indexOf(true);
    expect(await stored()).toEqual([`of ${String(won)}`, `by ${String(won)}`]);
  });

  it('A7 each form has its own text, and its values are told apart from what was sent before', async () => {
    await renameAndWrite(database.db, plainly, { from: 'first', to: 'second' }, user('a'));
    await renameAndWrite(database.db, { marks: true }, { from: 'second', to: 'third' }, user('b'));
    const organization = await database.db.selectFrom('organizations').selectAll().executeTakeFirst();
    expect(organization).toEqual({ id: 'one', name: 'third', created_at: new Date(0) });
    expect(await stored()).toEqual(['third', 'b']);
  });

  it('A7 is part of the transaction that it is given', async () => {
    const failed = database.transaction(async (tx) => {
      expect(await renameAndWrite(tx, plainly, { from: 'first', to: 'new' }, user('undone'))).toBe(true);
      throw new Error('on purpose');
    });
    await expect(failed).rejects.toThrow('on purpose');
    expect(await stored()).toEqual(['first']);
  });
});
