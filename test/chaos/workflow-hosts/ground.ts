import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../../functions/platform/database/index.ts';
import { openAzureSliceQueue } from '../../../functions/platform/queues/azureSliceQueue.ts';
import { dispatchOverdueSlices, DISPATCH_GRACE_MS } from '../../../functions/workflows/dispatch.ts';
import { startRun } from '../../../functions/workflows/startRun.ts';
import { startAzurite } from '../../../local/azurite/index.ts';
import { startThirdParties, type ThirdParties } from '../../../local/third-parties/server.ts';
import { partySettings } from '../../../local/third-parties/settings.ts';
import { type TestServices, testServices } from '../../support/services.ts';
import { copyPeople } from './copyPeople.ts';
import { type HostProcess, startHostProcess } from './hostProcess.ts';

/** One database, one Azurite and one people API, and hosts on them. */
export interface Ground {
  readonly database: Database;
  readonly services: TestServices;
  readonly thirdParties: ThirdParties;
  readonly queueConnectionString: string;
  /** A host of its own process, on the database at `url`, or on the ground's. */
  startHost(url?: string): Promise<HostProcess>;
  /** All of them; idempotent. */
  killHosts(): Promise<void>;
  startCopy(): Promise<string>;
  /** What the dispatch sweeper does once its patience is over. */
  dispatch(): Promise<void>;
  /** Ends what it started, hosts too; the database is the caller's. */
  close(): Promise<void>;
}

/** As many rows as the people API gives a page. */
export const ROWS_A_PAGE = 100;

export async function openGround(
  database: Database & { readonly url: string },
  { pages }: { readonly pages: number },
): Promise<Ground> {
  const dataDir = await mkdtemp(join(tmpdir(), 'datasync-workflow-hosts-'));
  const azurite = await startAzurite({ dataDir, log: () => undefined });
  const thirdParties = await startThirdParties({ throttles: false, sizes: { people: pages * ROWS_A_PAGE } });
  const services = testServices({ database });
  const slices = openAzureSliceQueue({ connectionString: azurite.connectionString });
  Object.assign(services, { slices, now: () => new Date() });
  const organization = { id: 'org', name: 'Org', created_at: new Date() };
  await database.db.insertInto('organizations').values(organization).execute();
  const hosts: HostProcess[] = [];
  const killAll = async (): Promise<void> => {
    await Promise.all(hosts.splice(0).map((host) => host.kill()));
  };
  return {
    database,
    services,
    thirdParties,
    queueConnectionString: azurite.connectionString,
    startHost: async (url = database.url) => {
      const { AUTH_SECRET, DATASYNC_CI_UPLOAD_SECRET } = services.settings;
      const host = await startHostProcess({
        ...partySettings(`http://127.0.0.1:${String(thirdParties.port)}`),
        PEOPLE_REQUESTS_PER_SECOND: '1000',
        DATABASE_URL: url,
        AzureWebJobsStorage: azurite.connectionString,
        FILES_CONNECTION_STRING:
          'FileEndpoint=http://127.0.0.1:9/a;AccountName=a;AccountKey=c2VjcmV0LWtleQ==',
        AUTH_SECRET,
        DATASYNC_CI_UPLOAD_SECRET,
        NODE_ENV: 'test',
        // Short, so that hosts often hand over, and what a killed one held is soon free.
        SLICE_BUDGET_SECONDS: '1',
        SLICE_LEASE_SECONDS: '2',
      });
      hosts.push(host);
      return host;
    },
    killHosts: killAll,
    startCopy: async () => {
      const request = { organizationId: 'org', payload: {}, triggeredBy: 'chaos' };
      return (await startRun(services, copyPeople(), request)).runId;
    },
    dispatch: async () => {
      const now = () => new Date(Date.now() + DISPATCH_GRACE_MS);
      await dispatchOverdueSlices({ ...services, now });
    },
    close: async () => {
      await killAll();
      await thirdParties.close();
      await azurite.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
