import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { migrate, openDatabase } from '../../functions/platform/database/index.ts';
import type { Database, DatabaseOptions } from '../../functions/platform/database/index.ts';
import { urlOfDatabase } from './template-server.ts';

/**
 * A migrated, empty database on a T-SQL server: a new one, or, where the server refuses to make one, the schema of
 * the given database taken down and put up again (one test file at a time, therefore).
 */
export async function openMssqlTestDatabase(
  url: string,
  options: Omit<DatabaseOptions, 'url'>,
): Promise<Database & { readonly url: string }> {
  const name = `datasync_test_${randomUUID().slice(0, 8)}`;
  const admin = await openDatabase({ url, poolMax: 1 });
  try {
    await sql`create database ${sql.id(name)}`.execute(admin.db);
  } catch {
    await admin.close(); // a right or a mode that only the server's owner can change
    return openCleaned(url, options);
  }
  // On Azure SQL it is on from the beginning; Babelfish has no such setting, its readers never wait.
  await sql`alter database ${sql.id(name)} set read_committed_snapshot on`
    .execute(admin.db)
    .catch(() => undefined);
  const database = await openDatabase({ ...options, url: urlOfDatabase(url, name) });
  await migrate(database);
  const close = async (): Promise<void> => {
    await database.close();
    await dropWhenLeft(admin, name);
    await admin.close();
  };
  return { ...database, url: urlOfDatabase(url, name), close };
}

/** A session that was closed a moment ago may still count as one that uses the database. */
async function dropWhenLeft(admin: Database, name: string): Promise<void> {
  const drop = () => sql`drop database ${sql.id(name)}`.execute(admin.db);
  for (let attempt = 1; attempt <= 50; attempt++) {
    try {
      await drop();
      return;
    } catch {
      await delay(100);
    }
  }
  await drop();
}

async function openCleaned(url: string, options: Omit<DatabaseOptions, 'url'>) {
  const database = await openDatabase({ ...options, url });
  await migrate(database, { direction: 'down', target: 0 });
  await migrate(database);
  return { ...database, url };
}
