import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase } from '../../../../test/support/database.ts';
import type { TestDatabase } from '../../../../test/support/database.ts';
import { BadCursorError, page } from '../index.ts';

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

describe('A7 page', () => {
  const ids = Array.from({ length: 25 }, (_, index) => `p${String(index).padStart(2, '0')}`);

  beforeAll(async () => {
    await database.db
      .insertInto('state_changes')
      .values(
        ids.map((id, index) => ({
          id,
          organization_id: 'o',
          subject_type: 'page',
          subject_id: id,
          new_state: 'x',
          reason: '',
          created_at: new Date(at.getTime() + Math.floor(index / 3)),
        })),
      )
      .execute();
  });

  const changes = () =>
    database.db.selectFrom('state_changes').selectAll().where('subject_type', '=', 'page');
  const newestFirst = [
    { column: 'created_at', type: 'instant', direction: 'desc' },
    { column: 'id', type: 'text', direction: 'asc', from: 'state_changes.id' },
  ] as const;

  it('A7 visits every row once, in order, among equal instants', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const found = await page(changes(), { order: newestFirst, limit: 4, cursor });
      expect(found.rows.length).toBeLessThanOrEqual(4);
      seen.push(...found.rows.map((row) => row.id));
      cursor = found.nextCursor;
    } while (cursor !== undefined);
    const expected = [...ids].sort(
      (a, b) => Math.floor(ids.indexOf(b) / 3) - Math.floor(ids.indexOf(a) / 3) || (a < b ? -1 : 1),
    );
    expect(seen).toEqual(expected);
  });

  it('A7 goes on where it was though rows came and went', async () => {
    const order = [{ column: 'id', type: 'text', direction: 'asc' }] as const;
    const first = await page(changes(), { order, limit: 10 });
    await database.db.deleteFrom('state_changes').where('id', '=', 'p09').execute();
    const second = await page(changes(), { order, limit: 100, cursor: first.nextCursor });
    expect(second.rows.map((row) => row.id)).toEqual(ids.slice(10));
    expect(second.nextCursor).toBeUndefined();
  });

  it('A7 refuses a cursor of another list and a limit out of bounds', async () => {
    const order = [{ column: 'id', type: 'text', direction: 'asc' }] as const;
    const { nextCursor } = await page(changes(), { order, limit: 1 });
    await expect(page(changes(), { order: newestFirst, limit: 1, cursor: nextCursor })).rejects.toThrow(
      BadCursorError,
    );
    await expect(page(changes(), { order, limit: 0 })).rejects.toThrow(RangeError);
    await expect(page(changes(), { order, limit: 1_001 })).rejects.toThrow(RangeError);
  });
});
