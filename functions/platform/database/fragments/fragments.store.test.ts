import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase } from '../../../../test/support/database.ts';
import type { TestDatabase } from '../../../../test/support/database.ts';
import { containsText, databaseNow, json, jsonText, rowsFrom, startsWith } from '../index.ts';

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

describe('A7 small fragments', () => {
  it('B46 has one clock for all, and adds to it', async () => {
    const read = await database.db
      .selectFrom('organizations')
      .select([
        databaseNow().as('now'),
        databaseNow(-90_500).as('before'),
        databaseNow(3_600_001).as('after'),
      ])
      .executeTakeFirstOrThrow();
    expect(Math.round((read.now.getTime() - read.before.getTime()) / 10)).toBe(9_050);
    expect(Math.round((read.after.getTime() - read.now.getTime()) / 10)).toBe(360_000);
    expect(Math.abs(read.now.getTime() - Date.now())).toBeLessThan(60_000);
    const later = await database.db
      .selectFrom('organizations')
      .select('id')
      .where('created_at', '>', databaseNow())
      .execute();
    expect(later).toEqual([]);
  });

  it('A7 reads a scalar of a JSON column as text', async () => {
    const rows = rowsFrom('r', { note_json: 'json' }, [
      { note_json: json({ folder: '2026-04-13', count: 3 }) },
    ]);
    const read = await database.db
      .selectFrom(rows)
      .select([
        jsonText('note_json', 'folder').as('folder'),
        jsonText('note_json', 'count').as('count'),
        jsonText('note_json', 'absent').as('absent'),
      ])
      .execute();
    expect(read).toEqual([{ folder: '2026-04-13', count: '3', absent: null }]);
    expect(() => jsonText('note_json', "x' or '1")).toThrow('wanted letters');
  });

  it('A7 finds by prefix and by part, taking wildcards as they are', async () => {
    const ids = ['tga_1', 'tga_1%x', 'tgaX1', 'TGA_1', 'other [a]', '~tilde', 'a\\b'];
    const rows = () =>
      rowsFrom(
        'r',
        { id: 'id' },
        ids.map((id) => ({ id })),
      );
    const found = async (condition: ReturnType<typeof startsWith>) =>
      (await database.db.selectFrom(rows()).select('id').where(condition).execute())
        .map((row) => row.id)
        .sort();
    expect(await found(startsWith('r.id', 'tga_1'))).toEqual(['tga_1', 'tga_1%x']);
    expect(await found(startsWith('r.id', 'tga_1%'))).toEqual(['tga_1%x']);
    expect(await found(startsWith('r.id', '~t'))).toEqual(['~tilde']);
    expect(await found(startsWith('r.id', 'a\\'))).toEqual(['a\\b']);
    expect(await found(containsText('r.id', '[A'))).toEqual(['other [a]']);
    expect(await found(containsText('r.id', 'ga_1'))).toEqual(['TGA_1', 'tga_1', 'tga_1%x']);
  });

  it('A7 compares and orders text by code point, as the other database does', async () => {
    const rows = rowsFrom(
      'r',
      { id: 'id' },
      ['b', 'B', 'a', 'é', 'Z', '_'].map((id) => ({ id })),
    );
    const read = await database.db.selectFrom(rows).select('id').orderBy('id').execute();
    expect(read.map((row) => row.id)).toEqual(['B', 'Z', '_', 'a', 'b', 'é']);
  });
});
