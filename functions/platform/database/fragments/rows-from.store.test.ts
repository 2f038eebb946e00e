import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase } from '../../../../test/support/database.ts';
import type { TestDatabase } from '../../../../test/support/database.ts';
import { compileTSql } from '../../../../test/support/t-sql.ts';
import { bySql, json, rowsFrom } from '../index.ts';
import { decodedText, encodeText } from './plain-json-text.ts';

let database: TestDatabase;
const at = new Date('2026-04-13T02:00:00.123Z');

beforeAll(async () => {
  database = await openTestDatabase();
  await database.db
    .insertInto('organizations')
    .values({ id: 'o', name: 'Organization', created_at: at })
    .execute();
});
afterAll(() => database.close());

describe('A7 rowsFrom', () => {
  const columns = {
    id: 'id',
    label: 'text',
    small: 'int',
    big: 'bigint',
    ratio: 'float',
    flag: 'bool',
    at: 'instant',
    key: 'key',
    note_json: 'json',
  } as const;
  const row = {
    id: 'a',
    label: 'b "c" \\ 😀',
    small: -5,
    big: Number.MAX_SAFE_INTEGER,
    ratio: 0.1,
    flag: true,
    at,
    key: Buffer.from('00ff'.repeat(16), 'hex'),
    note_json: json({ path: 'C:\\x', list: [1, null, 'é'] }),
  };

  it('A7 brings a value of every type through the database', async () => {
    const read = await database.db
      .selectFrom(rowsFrom('r', columns, [row]))
      .selectAll()
      .execute();
    expect(read).toEqual([{ ...row, note_json: { path: 'C:\\x', list: [1, null, 'é'] } }]);
  });

  it('A7 keeps JSON values that are no objects, and nulls where they may be', async () => {
    const optional = {
      id: 'id',
      label: 'text?',
      big: 'bigint?',
      flag: 'bool?',
      at: 'instant?',
      note_json: 'json?',
    } as const;
    const nothing = { label: null, big: null, flag: null, at: null, note_json: null };
    const rows = [
      { id: 'a', ...nothing },
      { id: 'b', ...nothing, flag: false, note_json: json('text') },
    ];
    const read = await database.db
      .selectFrom(rowsFrom('r', optional, rows))
      .selectAll()
      .orderBy('id')
      .execute();
    expect(read).toEqual([
      { id: 'a', ...nothing },
      { id: 'b', ...nothing, flag: false, note_json: 'text' },
    ]);
  });

  it('A7 joins with a table and feeds an insert', async () => {
    const rows = [
      { id: 'o', label: 'x' },
      { id: 'elsewhere', label: 'y' },
    ];
    const table = rowsFrom('r', { id: 'id', label: 'text' }, rows);
    const joined = await database.db
      .selectFrom('organizations')
      .innerJoin(table, 'r.id', 'organizations.id')
      .select(['organizations.name', 'r.label'])
      .execute();
    expect(joined).toEqual([{ name: 'Organization', label: 'x' }]);
    const groups = rowsFrom('r', { id: 'id', name: 'text' }, [
      { id: 'g1', name: 'one' },
      { id: 'g2', name: 'two' },
    ]);
    await database.db
      .insertInto('runner_groups')
      .columns(['id', 'organization_id', 'name', 'created_at'])
      .expression((eb) =>
        eb
          .selectFrom([groups, 'organizations'])
          .select(['r.id', 'organizations.id as organization_id', 'r.name', 'organizations.created_at']),
      )
      .execute();
    expect(await database.db.selectFrom('runner_groups').select('name').orderBy('id').execute()).toEqual([
      { name: 'one' },
      { name: 'two' },
    ]);
  });

  it('A7 is an empty table of no rows', async () => {
    expect(
      await database.db
        .selectFrom(rowsFrom('r', { id: 'id' }, []))
        .selectAll()
        .execute(),
    ).toEqual([]);
  });

  it('B54 text that JSON would escape is put back by REPLACE alone', async () => {
    const texts = [
      '~',
      '~~7e',
      '"',
      '\\n is no line end, \n is',
      '~0a~22"\\~5c',
      '\u0001\u001c\u001f\b\f\r\t',
      '😀~',
      '',
    ];
    for (const text of texts) {
      const encoded = new Set<string>();
      const plain = encodeText(text, encoded);
      expect(JSON.stringify(plain)).toBe(`"${plain}"`);
      const { sql: mssql } = compileTSql(decodedText(sql`${sql.lit(plain)}`, encoded).toOperationNode());
      // PostgreSQL has the same REPLACE, and calls NCHAR another name.
      const postgres = sql.raw(mssql.replaceAll('nchar(', 'chr('));
      const read = await bySql<{ text: string }>({
        postgres: sql`select ${postgres} as text`,
        mssql: sql`select ${sql.raw(mssql)} as text`,
      }).execute(database.db);
      expect(read.rows).toEqual([{ text }]);
    }
  });
});
