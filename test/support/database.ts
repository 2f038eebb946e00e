import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { openDatabase } from '../../functions/platform/database/index.ts';
import type { Database, DatabaseOptions } from '../../functions/platform/database/index.ts';
import { openMssqlTestDatabase } from './mssql-test-database.ts';
import { copyTemplate, runAsAdmin, urlOfDatabase } from './template-server.ts';
import { refuseWhatIsNoTSql } from './t-sql.ts';

export type TestDatabase = Database & {
  /** For what opens the same database again: a second pool, a whole host. */
  readonly url: string;
};

/** The machine may be busy: a test ends by its own limit, not by these. */
const patience = { acquireTimeoutMs: 60_000, statementTimeoutMs: 60_000 };

type TestOptions = Omit<DatabaseOptions, 'url' | 'onStatement'>;

/**
 * A migrated, empty database of the calling test's own; `close()` drops it. PostgreSQL, or, in the project
 * stores-mssql, the T-SQL server at TEST_MSSQL_URL. On PostgreSQL every statement is also compiled for T-SQL from
 * its tree and parsed: one that the other dialect could not run fails the test that ran it.
 */
export async function openTestDatabase(options: TestOptions = {}): Promise<TestDatabase> {
  const mssqlUrl = process.env['TEST_MSSQL_URL'];
  if (process.env['DATABASE_UNDER_TEST'] === 'mssql' && mssqlUrl !== undefined) {
    return openMssqlTestDatabase(mssqlUrl, options);
  }
  return openPostgresTestDatabase(options);
}

async function openPostgresTestDatabase(options: TestOptions): Promise<TestDatabase> {
  const response = await fetch(inject('databaseStarterUrl'));
  if (!response.ok) throw new Error(`Cannot start the test database: ${await response.text()}`);
  const { adminUrl, template } = (await response.json()) as { adminUrl: string; template: string };
  const name = `datasync_test_${randomUUID().replaceAll('-', '')}`;
  await copyTemplate({ adminUrl, template }, name);
  const url = urlOfDatabase(adminUrl, name);
  const database = await openDatabase({
    ...patience,
    poolMax: 10,
    ...options,
    url,
    onStatement: refuseWhatIsNoTSql,
  });
  return {
    ...database,
    url,
    close: async () => {
      await database.close();
      await runAsAdmin(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}
