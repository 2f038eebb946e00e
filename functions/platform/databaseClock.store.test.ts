import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { openDatabase } from './database/index.ts';
import { followDatabaseClock } from './databaseClock.ts';
import { createLogger } from './logging/jsonLogger.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const hourMs = 3_600_000;
const lines: string[] = [];
const log = createLogger({ level: 'info', write: (line) => lines.push(line), now: () => new Date(0) });
/** Milliseconds by which a clock is off from this machine's, which is the database's. */
const errorOf = (now: () => Date): number => Math.abs(now().getTime() - Date.now());

describe('the clock of a host', () => {
  it.each([-26 * hourMs, -hourMs, hourMs, 26 * hourMs])(
    'B15 S13 that is %i ms off goes by the database’s, and says so once',
    async (offMs) => {
      lines.length = 0;
      const now = await followDatabaseClock(database, () => new Date(Date.now() + offMs), log);
      await expect.poll(() => errorOf(now)).toBeLessThan(5000);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain('the clock of this host is wrong');
    },
  );

  it('B15 that is right, or nearly so, is its own', async () => {
    lines.length = 0;
    const own = new Date(Date.now() + 2000);
    const now = await followDatabaseClock(database, () => own, log);
    expect(now()).toEqual(own);
    expect(lines).toEqual([]);
  });

  it('B15 that goes wrong later is noticed within a minute of use, and so is that it is right again', async () => {
    lines.length = 0;
    let offMs = 0;
    const now = await followDatabaseClock(database, () => new Date(Date.now() + offMs), log);
    offMs = hourMs;
    await expect.poll(() => errorOf(now)).toBeLessThan(5000);
    offMs = 0;
    await expect.poll(() => errorOf(now)).toBeLessThan(5000);
    expect(lines.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(['error', 'info']);
  });

  it('B15 is its own while no database answers', async () => {
    const away = await openDatabase({ url: 'postgres://a:b@127.0.0.1:9/none' });
    const now = await followDatabaseClock(away, () => new Date(5), log);
    expect(now()).toEqual(new Date(5));
    await away.close();
  });
});
