import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase } from '../../../../test/support/database.ts';
import type { TestDatabase } from '../../../../test/support/database.ts';
import { insertIfAbsent, upsert } from '../index.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.db.deleteFrom('organizations').execute());

const columns = { id: 'id', name: 'text', created_at: 'instant' } as const;
const at = new Date('2026-04-13T02:00:00.123Z');
const organization = (id: string, name = id, created_at = at) => ({ id, name, created_at });
const write = (rows: ReturnType<typeof organization>[]) =>
  upsert(database.db, 'organizations', { rows, columns, key: ['id'], update: ['name', 'created_at'] });
const names = async () => {
  const rows = await database.db.selectFrom('organizations').select(['id', 'name']).orderBy('id').execute();
  return Object.fromEntries(rows.map((row) => [row.id, row.name]));
};

describe('A7 upsert', () => {
  it('A7 inserts and updates in one call and counts both', async () => {
    expect(await write([organization('a'), organization('b')])).toBe(2);
    expect(await write([organization('b', 'new'), organization('c')])).toBe(2);
    expect(await names()).toEqual({ a: 'a', b: 'new', c: 'c' });
    expect(await write([])).toBe(0);
  });

  it('A7 leaves a row alone whose guard does not hold, and does not count it', async () => {
    await write([organization('a', 'newer')]);
    const older = organization('a', 'older', new Date(at.getTime() - 1));
    const guarded = (row: typeof older) =>
      upsert(database.db, 'organizations', {
        rows: [row, organization('z')],
        columns,
        key: ['id'],
        update: ['name', 'created_at'],
        guard: (eb) => eb('excluded.created_at', '>=', eb.ref('existing.created_at')),
      });
    expect(await guarded(older)).toBe(1);
    expect((await names())['a']).toBe('newer');
    expect(await guarded(organization('a', 'same instant'))).toBe(2);
    expect((await names())['a']).toBe('same instant');
  });

  it('A7 sets further columns from what is there', async () => {
    await write([organization('a', 'x')]);
    await upsert(database.db, 'organizations', {
      rows: [organization('a', 'y'), organization('b', 'z')],
      columns,
      key: ['id'],
      update: [],
      set: (eb) => ({ name: eb('existing.name', '||', eb.ref('excluded.name')) }),
    });
    expect(await names()).toEqual({ a: 'xy', b: 'z' });
  });

  it('A7 insertIfAbsent writes only what is not there', async () => {
    await write([organization('a', 'first')]);
    const rows = [organization('a', 'second'), organization('b')];
    expect(await insertIfAbsent(database.db, 'organizations', { rows, columns, key: ['id'] })).toBe(1);
    expect(await names()).toEqual({ a: 'first', b: 'b' });
  });

  it('B26 refuses two rows of one key rather than lose one', async () => {
    await expect(write([organization('a', 'one'), organization('a', 'two')])).rejects.toThrow(
      'two have the same id',
    );
    expect(await names()).toEqual({});
  });

  it('A7 writes all or nothing of many batches', async () => {
    const rows = Array.from({ length: 2_500 }, (_, index) => organization(`o${index}`));
    await expect(
      write([...rows, { ...organization('bad'), name: null as unknown as string }]),
    ).rejects.toThrow('column name');
    const last = { ...organization('zzz'), created_at: new Date(Number.NaN) };
    await expect(write([...rows, last])).rejects.toThrow('column created_at');
    expect(await names()).toEqual({});
  });

  it('B54 writes 5,000 rows with emoji, quotes, backslashes and line ends in their names', async () => {
    const name = (index: number) => `${index} 😀 "quoted" C:\\Data\\~${index}\r\n\t~7e~0a ünï \u0001 日本語`;
    const rows = Array.from({ length: 5_000 }, (_, index) => organization(`id-${index}`, name(index)));
    expect(await write(rows)).toBe(5_000);
    const read = await names();
    expect(Object.keys(read)).toHaveLength(5_000);
    for (const row of rows) expect(read[row.id]).toBe(row.name);
  });

  it('B11 eight writers of the same keys, in any order: no error, and none lost', async () => {
    const keys = Array.from({ length: 60 }, (_, index) => `k${index}`);
    const writer = async (number: number) => {
      for (let round = 0; round < 12; round++) {
        const mine = [...keys, `w${number}-${round}`].sort(() => ((round + number) % 2 === 0 ? 1 : -1));
        await write(mine.map((id) => organization(id, `${number}`)));
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, number) => writer(number)));
    const read = await names();
    expect(Object.keys(read)).toHaveLength(60 + 8 * 12);
    for (const key of keys) expect(['0', '1', '2', '3', '4', '5', '6', '7']).toContain(read[key]);
  });

  it('B11 writers inside longer transactions meet without an error, given the retry of a transaction', async () => {
    const writer = (number: number) =>
      database.transaction(async (transaction) => {
        for (const id of number % 2 === 0 ? ['a', 'b'] : ['b', 'a']) {
          await upsert(transaction, 'organizations', {
            rows: [organization(id, `${number}`)],
            columns,
            key: ['id'],
            update: ['name'],
          });
        }
      });
    // Each deadlock costs its victim one of its few tries: of many more rivals one may have none left.
    await Promise.all(Array.from({ length: 4 }, (_, number) => writer(number)));
    const read = await names();
    expect(read['a']).toBe(read['b']);
  });

  it('B13 overwrites with null', async () => {
    await write([organization('o')]);
    const user = {
      id: 'u',
      organization_id: 'o',
      email: 'E',
      email_key: 'e',
      display_name: 'n',
      role: 'viewer',
      created_at: at,
      updated_at: at,
    };
    const userColumns = {
      id: 'id',
      organization_id: 'id',
      email: 'text',
      email_key: 'id',
      display_name: 'text',
      role: 'text',
      password_hash: 'text?',
      created_at: 'instant',
      updated_at: 'instant',
    } as const;
    const save = (password_hash: string | null) =>
      upsert(database.db, 'users', {
        rows: [{ ...user, password_hash }],
        columns: userColumns,
        key: ['id'],
        update: ['password_hash'],
      });
    await save('hash');
    await save(null);
    const row = await database.db.selectFrom('users').select('password_hash').executeTakeFirstOrThrow();
    expect(row.password_hash).toBeNull();
    await database.db.deleteFrom('users').execute();
  });
});
