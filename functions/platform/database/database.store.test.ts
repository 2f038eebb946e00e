import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openCutProxy } from '../../../test/support/cut-proxy.ts';
import { openTestDatabase } from '../../../test/support/database.ts';
import type { TestDatabase } from '../../../test/support/database.ts';
import {
  bySql,
  classifyDatabaseError,
  databaseWarnings,
  openDatabase,
  PoolTimeoutError,
  whileTransient,
  withLock,
  withRetry,
} from './index.ts';
import type { DatabaseOptions, Db } from './index.ts';

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
    .execute();
const ids = async () =>
  (await database.db.selectFrom('organizations').select('id').orderBy('id').execute()).map((row) => row.id);
/** The same database by way of a network that the test can break. */
async function openBehindProxy(options: Omit<DatabaseOptions, 'url'> = {}) {
  const proxy = await openCutProxy(database.url);
  const behind = await openDatabase({ ...options, url: proxy.url });
  onTestFinished(async () => {
    await behind.close();
    await proxy.close();
  });
  return { proxy, behind };
}

describe('A7 transactions', () => {
  it('A7 commits, and rolls back on a throw', async () => {
    await database.transaction((transaction) => insert(transaction, 'kept'));
    const failed = database.transaction(async (transaction) => {
      await insert(transaction, 'undone');
      throw new Error('on purpose');
    });
    await expect(failed).rejects.toThrow('on purpose');
    expect(await ids()).toEqual(['kept']);
  });

  it('A7 takes several statements of one transaction at once, one after the other', async () => {
    await database.transaction(async (transaction) => {
      await Promise.all(['a', 'b', 'c'].map((id) => insert(transaction, id)));
    });
    expect(await ids()).toEqual(['a', 'b', 'c']);
  });

  it('B11 runs again whoever the server chose as the victim of a deadlock', async () => {
    await insert(database.db, 'x');
    await insert(database.db, 'y');
    let arrived = 0;
    let bothArrived = (): void => undefined;
    const both = new Promise<void>((resolve) => (bothArrived = resolve));
    let runs = 0;
    const crossing = (first: string, second: string) =>
      database.transaction(async (transaction) => {
        runs++;
        const rename = (id: string) =>
          transaction.updateTable('organizations').set({ name: first }).where('id', '=', id).execute();
        await rename(first);
        if (++arrived === 2) bothArrived();
        await both;
        await rename(second);
      });
    await Promise.all([crossing('x', 'y'), crossing('y', 'x')]);
    expect(runs).toBeGreaterThanOrEqual(3);
  });

  it('A7 tells a unique violation from the rest', async () => {
    await insert(database.db, 'twice');
    const error: unknown = await insert(database.db, 'twice').catch((thrown: unknown) => thrown);
    expect(classifyDatabaseError(error)).toEqual({ kind: 'unique_violation', transient: false });
  });
});

describe('A7 values', () => {
  it('A7 gives counts, sums and sizes as numbers, times as Dates of whole milliseconds', async () => {
    const created_at = new Date('2026-11-22T20:00:00.987Z');
    await database.db.insertInto('organizations').values({ id: 'n', name: '😀', created_at }).execute();
    const row = await database.db
      .selectFrom('organizations')
      .select((eb) => [
        eb.fn.countAll().as('count'),
        eb.fn.sum(eb.cast(eb.val(2 ** 40), 'bigint')).as('sum'),
        eb.fn.max('created_at').as('latest'),
      ])
      .executeTakeFirstOrThrow();
    expect(row).toEqual({ count: 1, sum: 2 ** 40, latest: created_at });
  });
});

describe('A7 settings', () => {
  it('A7 a database as this project makes it gives nothing to warn of', async () => {
    expect(await databaseWarnings(database)).toEqual([]);
  });
});

describe('A6 the pool', () => {
  it('A6 says so when no connection becomes free in time, and works again after', async () => {
    const said: [string, object][] = [];
    const log = (message: string, fields: object) => said.push([message, fields]);
    const small = await openDatabase({ url: database.url, poolMax: 2, acquireTimeoutMs: 2_000, log });
    let free = (): void => undefined;
    const held = new Promise<void>((resolve) => (free = resolve));
    onTestFinished(async () => {
      free();
      await small.close();
    });
    let inside = 0;
    let bothInside = (): void => undefined;
    const both = new Promise<void>((resolve) => (bothInside = resolve));
    const holders = [1, 2].map(() =>
      small.transaction(async (transaction) => {
        await transaction.selectFrom('organizations').select('id').execute();
        if (++inside === 2) bothInside();
        await held;
      }),
    );
    await both;
    const error: unknown = await insert(small.db, 'late').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PoolTimeoutError);
    expect(String(error)).toMatch(
      /Connection pool timed out: none of 2 connections became free within 2000 ms/,
    );
    expect(classifyDatabaseError(error)).toEqual({ kind: 'pool_timeout', transient: true });
    expect(small.poolState()).toMatchObject({ max: 2, open: 2, idle: 0 });
    expect(said).toEqual([['database pool exhausted', { inUse: 2, waiting: 0, max: 2, refused: 1 }]]);
    free();
    await Promise.all(holders);
    await insert(small.db, 'in time');
    expect(await ids()).toEqual(['in time']);
  });

  it('A6 cancels a statement that takes too long', async () => {
    const hasty = await openDatabase({ url: database.url, statementTimeoutMs: 500 });
    onTestFinished(() => hasty.close());
    await withLock(database.db, 'held', async () => {
      const error: unknown = await withLock(hasty.db, 'held', async () => undefined).catch(
        (thrown: unknown) => thrown,
      );
      expect(classifyDatabaseError(error)).toEqual({ kind: 'timeout', transient: true });
    });
    await hasty.ping();
    await withLock(hasty.db, 'held', async () => undefined);
  });

  it('A6 closes once, however often it is told, and takes nothing after', async () => {
    const short = await openDatabase({ url: database.url });
    await short.ping();
    await Promise.all([short.close(), short.close()]);
    await expect(short.ping()).rejects.toThrow();
  });

  it('A6 names no password when the server refuses it', async () => {
    const url = new URL(database.url);
    url.password = 'wrong-secret';
    const refused = await openDatabase({ url: url.href });
    onTestFinished(() => refused.close());
    const error: unknown = await refused.ping().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('wrong-secret');
  });
});

describe('B9 a database that went away', () => {
  it('B8 B9 the statement after a cut of idle connections works', async () => {
    const lost: string[] = [];
    const { proxy, behind } = await openBehindProxy({ log: (message) => lost.push(message) });
    await Promise.all([1, 2, 3].map(() => behind.ping()));
    proxy.cut();
    await withRetry(() => insert(behind.db, 'after'), whileTransient);
    expect(await ids()).toEqual(['after']);
  });

  it('B8 B9 a cut inside a transaction undoes it, is called a connection error, and ends nothing else', async () => {
    const { proxy, behind } = await openBehindProxy({ poolMax: 1 });
    const error: unknown = await behind
      .transaction(async (transaction) => {
        await insert(transaction, 'lost');
        proxy.cut();
        await insert(transaction, 'never');
      })
      .catch((thrown: unknown) => thrown);
    expect(classifyDatabaseError(error)).toEqual({ kind: 'connection', transient: true });
    await withRetry(() => insert(behind.db, 'next'), whileTransient);
    expect(await ids()).toEqual(['next']);
  });

  it('B9 a server that refused at first is used once it is there', async () => {
    const { proxy, behind } = await openBehindProxy({ acquireTimeoutMs: 2_000 });
    proxy.refuse();
    for (let attempt = 0; attempt < 2; attempt++) {
      const error: unknown = await behind.ping().catch((thrown: unknown) => thrown);
      expect(classifyDatabaseError(error).kind).toBe('connection');
    }
    proxy.heal();
    await behind.ping();
  });

  it('B9 B23 a network that swallows everything ends a statement, and is not used again', async () => {
    const { proxy, behind } = await openBehindProxy({
      poolMax: 1,
      statementTimeoutMs: 300,
      acquireTimeoutMs: 1_000,
    });
    await behind.ping();
    proxy.silence();
    const error: unknown = await behind.ping().catch((thrown: unknown) => thrown);
    expect(classifyDatabaseError(error).transient).toBe(true);
    await behind.ping();
  });

  it('B9 B23 after one silent connection the others are asked before they are used', async () => {
    const { proxy, behind } = await openBehindProxy({ statementTimeoutMs: 300, acquireTimeoutMs: 3_000 });
    await Promise.all([1, 2, 3].map(() => behind.ping()));
    proxy.silence();
    await behind.ping().catch(() => undefined);
    await Promise.all([1, 2].map((id) => insert(behind.db, `after ${String(id)}`)));
    expect(await ids()).toEqual(['after 1', 'after 2']);
  });

  it('B9 a connection that a firewall forgot while it was idle costs its next caller no error', async () => {
    const options = { poolMax: 1, validateIdleMs: 0, statementTimeoutMs: 300 };
    const { proxy, behind } = await openBehindProxy(options);
    await behind.ping();
    proxy.silence();
    const attempt = () => insert(behind.db, 'asked first');
    // The driver for SQL Server asks nothing beforehand: there it costs one.
    await (database.dialect === 'postgres' ? attempt() : withRetry(attempt, whileTransient));
    expect(await ids()).toEqual(['asked first']);
  });

  it('B9 B23 a server that takes connections and says nothing ends the wait, and is used once it speaks', async () => {
    const { proxy, behind } = await openBehindProxy({ poolMax: 2, acquireTimeoutMs: 500 });
    proxy.swallow();
    for (let attempt = 0; attempt < 2; attempt++) {
      const error: unknown = await behind.ping().catch((thrown: unknown) => thrown);
      expect(classifyDatabaseError(error).transient).toBe(true);
    }
    proxy.heal();
    await withRetry(() => insert(behind.db, 'spoken to'), whileTransient);
    expect(await ids()).toEqual(['spoken to']);
  });

  it('A6 a connection is left at the end of its lifetime, whoever uses it', async () => {
    const { behind } = await openBehindProxy({ poolMax: 1, maxLifetimeMs: 1_000 });
    const backend = async () => {
      const pid = bySql<{ pid: number }>({
        postgres: sql`select pg_backend_pid() as pid`,
        mssql: sql`select @@spid as pid`,
      });
      return (await pid.execute(behind.db)).rows[0]?.pid;
    };
    const first = await backend();
    await expect.poll(backend, { interval: 200 }).not.toBe(first);
  });
});
