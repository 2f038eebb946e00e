import { sql } from 'kysely';
import { type Database, openDatabase } from '../../functions/platform/database/index.ts';

export interface DatabaseQuota {
  /** From now on there is room for no further row about a file of a run. */
  fillUp(): Promise<void>;
  /** There is room again without anything having been deleted. */
  raise(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Makes a PostgreSQL database full as a quota does on Azure SQL: with as many rows of `sync_run_files` as it may hold,
 * every insert and update of any table is refused with 53100 (disk full); reads and deletes go on, and what deletes free
 * is there again.
 */
export async function openDatabaseQuota(url: string): Promise<DatabaseQuota> {
  const database = await openDatabase({ url, poolMax: 1 });
  const run = (text: string): Promise<unknown> => sql.raw(text).execute(database.db);
  await run('create table room (most bigint not null)');
  await run('insert into room values (9223372036854775807)');
  await run(`create function refuse_when_full() returns trigger language plpgsql as $$
    begin
      if (select count(*) from sync_run_files) >= (select most from room) then
        raise exception 'could not extend file: No space left on device' using errcode = '53100';
      end if;
      return null;
    end $$`);
  for (const table of await tablesOf(database)) {
    await run(`create trigger full_${table} before insert or update on ${table}
      for each statement execute function refuse_when_full()`);
  }
  return {
    fillUp: async () => {
      await run('update room set most = (select count(*) from sync_run_files)');
    },
    raise: async () => {
      await run('update room set most = 9223372036854775807');
    },
    close: () => database.close(),
  };
}

async function tablesOf(database: Database): Promise<string[]> {
  const found = await sql<{ name: string }>`select tablename as name from pg_tables
    where schemaname = 'public' and tablename <> 'room'`.execute(database.db);
  return found.rows.map(({ name }) => name);
}
