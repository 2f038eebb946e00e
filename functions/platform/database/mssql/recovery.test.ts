import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeSqlServer, startFakeSqlServer } from '../../../../test/support/tds/fakeSqlServer.ts';
import { classifyDatabaseError, openDatabase, whileTransient, withRetry } from '../index.ts';
import type { Database, DatabaseOptions } from '../index.ts';

/** The real driver against a server that fails as Azure SQL does. */
let server: FakeSqlServer;
const opened: Database[] = [];

beforeEach(async () => {
  server = await startFakeSqlServer();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
  await server.close();
});

async function open(options: Omit<DatabaseOptions, 'url'> = {}, query = ''): Promise<Database> {
  const database = await openDatabase({ ...options, url: `${server.url}${query}` });
  opened.push(database);
  return database;
}

const ask = async ({ db }: Pick<Database, 'db'>, what = 'work') =>
  (await sql<{ answer: number }>`select ${sql.lit(what)} as answer`.execute(db)).rows[0]?.answer;
const failureOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
/** Gives each of these once, then nothing more. */
const inTurn =
  <T>(faults: T[], after: T) =>
  () =>
    faults.shift() ?? after;
const quick = { ...whileTransient, firstDelayMs: 20, maxDelayMs: 100 };

describe('A6 logging in to Azure SQL', () => {
  it.each([40613, 49918])('A6 B9 a login refused by %i is tried again until it is taken', async (number) => {
    server.login = inTurn([number], 0);
    expect(await ask(await open())).toBe(1);
  });

  it('A6 B9 one that is refused for longer says so by its number, and needs no restart', async () => {
    const database = await open();
    server.login = () => 4060;
    const error = await failureOf(ask(database));
    expect(classifyDatabaseError(error)).toEqual({ kind: 'connection', transient: true });
    server.login = () => 0;
    expect(await ask(database)).toBe(1);
  });

  it('A6 a wrong password is refused once, and is no failover', async () => {
    server.login = () => 18456;
    const error = await failureOf(ask(await open()));
    expect(classifyDatabaseError(error).transient).toBe(false);
    expect(server.logins).toBe(1);
  });
});

describe('A6 a failover', () => {
  it('A6 B9 everybody’s work is done once it is over, within the connections of the pool', async () => {
    const database = await open({ poolMax: 4 });
    await ask(database);
    server.login = inTurn([40613, 40197, 40613], 0);
    server.fault = inTurn<number | 'cut' | undefined>([40197, 'cut', 10928], undefined);
    server.cut();
    const work = Array.from({ length: 12 }, (_, index) =>
      withRetry(() => ask(database, `work ${String(index)}`), quick),
    );
    expect(await Promise.all(work)).toEqual(work.map(() => 1));
    expect(server.open).toBeLessThanOrEqual(4);
  });

  it.each([40613, 40197, 'cut'] as const)(
    'A6 B9 a transaction that meets %s is begun again as a whole',
    async (fault) => {
      const database = await open();
      server.fault = inTurn<number | 'cut' | undefined>([undefined, fault], undefined);
      await withRetry(
        () =>
          database.transaction(async (transaction) => {
            await ask({ db: transaction }, 'first');
            await ask({ db: transaction }, 'second');
          }),
        quick,
      );
      const last = server.heard.slice(server.heard.lastIndexOf('begun'));
      expect(last).toEqual(['begun', "select 'first' as answer", "select 'second' as answer", 'committed']);
      expect(server.heard.filter((said) => said === 'committed')).toHaveLength(1);
    },
  );

  it('A6 B11 the victim of a deadlock is run again without anybody asking', async () => {
    const database = await open();
    server.fault = inTurn<number | undefined>([1205], undefined);
    await database.transaction((transaction) => ask({ db: transaction }));
    expect(server.heard.filter((said) => said === 'begun')).toHaveLength(2);
  });

  it('A6 S4 a full database is not asked again', async () => {
    const database = await open();
    server.fault = () => 40544;
    const error = await failureOf(withRetry(() => ask(database), quick));
    expect(classifyDatabaseError(error)).toEqual({ kind: 'full', transient: false });
    expect(server.heard).toHaveLength(1);
  });

  it('A6 B23 a statement that is never answered is cancelled, and its connection left', async () => {
    const database = await open({ statementTimeoutMs: 200, acquireTimeoutMs: 2_000 });
    server.fault = inTurn<'silence' | undefined>(['silence'], undefined);
    expect(classifyDatabaseError(await failureOf(ask(database)))).toMatchObject({ transient: true });
    expect(await ask(database)).toBe(1);
  });
});
