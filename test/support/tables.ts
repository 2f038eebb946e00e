import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAzureTables } from '../../functions/platform/tables/azureTables.ts';
import type { Tables } from '../../functions/platform/tables/tables.ts';
import { startAzurite } from '../../local/azurite/index.ts';

export interface TestTables {
  readonly tables: Tables;
  /** Of an Azurite of the calling test's own. */
  readonly connectionString: string;
  close(): Promise<void>;
}

/** Real tables, in an Azurite of the calling test's own. */
export async function openTestTables(): Promise<TestTables> {
  const dataDir = await mkdtemp(join(tmpdir(), 'datasync-tables-'));
  const azurite = await startAzurite({ dataDir, log: () => undefined });
  const { connectionString } = azurite;
  return {
    connectionString,
    tables: openAzureTables({ connectionString }),
    close: async () => {
      await azurite.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
