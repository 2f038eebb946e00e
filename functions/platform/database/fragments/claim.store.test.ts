import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase } from '../../../../test/support/database.ts';
import type { TestDatabase } from '../../../../test/support/database.ts';
import { claim, json, withLock } from '../index.ts';

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

describe('A7 claim', () => {
  const job = (id: string) => ({
    id,
    organization_id: 'o',
    runner_id: 'r',
    name: id,
    kind: 'tree' as const,
    source_path: '/s',
    share_name: 's',
    share_path: 'p',
    schedule_seconds: 5,
    include_json: json([]),
    exclude_json: json([]),
    enabled: true,
    config_version: 1,
    version: 1,
    created_at: at,
    updated_at: at,
  });

  beforeAll(async () => {
    await database.db
      .insertInto('runners')
      .values({
        id: 'r',
        organization_id: 'o',
        name: 'r',
        host_name: 'h',
        platform: 'p',
        time_zone: 'UTC',
        status: 'active',
        generation: 1,
        key_slot: 'r',
        share_name: 's',
        version: 1,
        created_at: at,
        updated_at: at,
      })
      .execute();
    await database.db
      .insertInto('jobs')
      .values([job('j1'), job('j2')])
      .execute();
  });

  it('A7 gives the changed row to the one writer that saw the current version', async () => {
    const claimed = await claim(database.db, 'jobs', {
      key: { id: 'j1' },
      version: 1,
      set: { paused_reason: 'why' },
    });
    expect(claimed).toMatchObject({
      id: 'j1',
      version: 2,
      paused_reason: 'why',
      enabled: true,
      include_json: [],
    });
    expect(
      await claim(database.db, 'jobs', { key: { id: 'j1' }, version: 1, set: { paused_reason: 'late' } }),
    ).toBeUndefined();
    expect(await claim(database.db, 'jobs', { key: { id: 'none' }, version: 1, set: {} })).toBeUndefined();
  });

  it('B1 of eight that claim at once, one wins', async () => {
    const attempts = Array.from({ length: 8 }, (_, number) =>
      claim(database.db, 'jobs', { key: { id: 'j2' }, version: 1, set: { paused_reason: `${number}` } }),
    );
    const won = (await Promise.all(attempts)).filter((row) => row !== undefined);
    expect(won).toHaveLength(1);
    expect(
      await database.db
        .selectFrom('jobs')
        .select(['version', 'paused_reason'])
        .where('id', '=', 'j2')
        .execute(),
    ).toEqual([{ version: 2, paused_reason: won[0]?.paused_reason }]);
  });

  it('A7 refuses a key that names no column', async () => {
    await expect(claim(database.db, 'jobs', { key: {}, version: 1, set: {} })).rejects.toThrow(
      'names no column',
    );
  });
});

describe('A7 withLock', () => {
  it('A7 lets one at a time in, and frees the lock after a throw', async () => {
    let inside = 0;
    let most = 0;
    const enter = (fails: boolean) =>
      withLock(database.db, 'a lock', async (transaction) => {
        most = Math.max(most, ++inside);
        await transaction.selectFrom('organizations').select('id').execute();
        inside--;
        if (fails) throw new Error('inside');
      });
    const results = await Promise.allSettled([
      enter(true),
      enter(false),
      enter(true),
      enter(false),
      enter(false),
    ]);
    expect(most).toBe(1);
    expect(results.map((result) => result.status)).toEqual([
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
  });

  it('A7 keeps other names apart, and takes a lock in the transaction it is given', async () => {
    const order: string[] = [];
    await database.transaction(async (transaction) => {
      await withLock(transaction, 'one', async () => order.push('outer'));
      await withLock(database.db, 'two', async () => order.push('other name'));
      const rival = withLock(database.db, 'one', async () => order.push('after the commit'));
      order.push('before the commit');
      void rival.catch(() => undefined);
    });
    await withLock(database.db, 'one', async () => order.push('last'));
    expect(order.slice(0, 3)).toEqual(['outer', 'other name', 'before the commit']);
  });
});
