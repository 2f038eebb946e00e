import { type Database, openDatabase } from '../../functions/platform/database/index.ts';
import { databaseUrl } from './databaseUrl.ts';

/** A migration, or the VACUUM, of a large table takes its time. */
const STATEMENT_TIMEOUT_MS = 3_600_000;

/** Works on the database that the command was given, without a server, and closes it. */
export async function withOwnDatabase(
  { urlFile, poolMax }: { readonly urlFile: string | undefined; readonly poolMax: number },
  work: (database: Database) => Promise<void>,
): Promise<void> {
  const url = databaseUrl(urlFile);
  const database = await openDatabase({ url, poolMax, statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  try {
    await work(database);
  } finally {
    await database.close();
  }
}
