import { checkSchemaVersion, type Database, databaseWarnings } from './database/index.ts';
import type { Logger } from './logging.ts';

/**
 * Looks once, when a process starts, whether the database is what this code expects, and logs what is not: settings
 * that make it slower or less safe, a schema that is older or unknown. Never rejects; a database that does not answer
 * yet is no reason not to start.
 */
export async function inspectDatabase(database: Database, log: Logger): Promise<void> {
  try {
    for (const warning of await databaseWarnings(database)) log.warn('database setting', { warning });
    await checkSchemaVersion(database);
  } catch (error) {
    log.error('the database is not as this version needs it, or did not answer', { error });
  }
}
