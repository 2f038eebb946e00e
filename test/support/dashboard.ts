import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import pg from 'pg';
import { expect, inject, vi } from 'vitest';
import { type LocalCredentials, openCredentials } from '../../local/platform/credentials.ts';
import { type Client, createClient } from '../../shared/client/index.ts';
import { fleet, type RunnerView, runs } from '../../shared/contract/fleet.ts';
import { sharedBrowser, visit } from './browser.ts';
import type { SharedPlatform } from './global-platform.ts';
import { poisonQueue } from './poison-queue.ts';

const FIRST_FILES_WITHIN_MS = 120_000;
const SOON_MS = 20_000;

/** What the page shows, or the server answers, soon. */
export const soon = <Value>(read: () => Value) => expect.poll(read, { timeout: SOON_MS });
export const dialog = (page: Page): Locator => page.getByRole('dialog');
export const level1 = (page: Page): Locator => page.getByRole('heading', { level: 1 });

export interface DashboardUnderTest {
  readonly url: string;
  readonly credentials: LocalCredentials;
  /** Speaks with the operator's token. */
  readonly client: Client;
  readonly browser: Browser;
  /** Opens a page as the operator; at the end nothing may have been complained about. */
  onPage(path: string, look: (page: Page) => Promise<void>, options?: BrowserContextOptions): Promise<void>;
  /** One of the simulated instruments, once it is there. */
  instrument(name: string): Promise<RunnerView>;
  /** The id of a finished run that archived files, once there is one. */
  archivingRun(): Promise<string>;
  /** Puts a message where the queue of slices puts those that it gives up on; its id. */
  poison(message: unknown): Promise<string>;
  /** Changes rows as time would have. */
  sql(statement: string, values: readonly unknown[]): Promise<number>;
}

/** The platform and the browser that test files share, signed in as the operator. */
export async function openDashboard(): Promise<DashboardUnderTest> {
  const response = await fetch(inject('platformStarterUrl'));
  if (!response.ok) throw new Error(`Cannot start the platform: ${await response.text()}`);
  const { url, dataDir, databaseUrl } = (await response.json()) as SharedPlatform;
  const credentials = await openCredentials(dataDir);
  const headers = () => ({ authorization: `Bearer ${credentials.operator.token}` });
  const client = createClient({ baseUrl: url, headers });
  const browser = await sharedBrowser();
  const storageState = await signedIn(browser, url, credentials);
  return {
    url,
    credentials,
    client,
    browser,
    onPage: async (path, look, options = {}) => {
      const { page, context, complaints } = await visit(browser, { url }, path, { storageState, ...options });
      try {
        await page.getByRole('navigation', { name: 'Pages' }).waitFor();
        await look(page);
        expect(complaints).toEqual([]);
      } finally {
        await context.close();
      }
    },
    instrument: (name) => onceThere(() => findInstrument(client, name)),
    archivingRun: () => onceThere(() => findArchivingRun(client)),
    poison: (message) => poisonQueue(dataDir, message),
    sql: (statement, values) => runSql(databaseUrl, statement, values),
  };
}

function onceThere<Value>(find: () => Promise<Value>): Promise<Value> {
  return vi.waitFor(find, { timeout: FIRST_FILES_WITHIN_MS, interval: 500 });
}

async function signedIn(browser: Browser, url: string, { operator }: LocalCredentials) {
  const context = await browser.newContext({ baseURL: url });
  const { email, password } = operator;
  const answer = await context.request.post('/api/session', { data: { email, password } });
  if (!answer.ok())
    throw new Error(`sign in: status ${answer.status()}; wanted: 200: ${await answer.text()}`);
  const state = await context.storageState();
  await context.close();
  return state;
}

async function findInstrument(client: Client, name: string): Promise<RunnerView> {
  const { runners } = await client.call(fleet, {});
  const found = runners.find((runner) => runner.name === name && runner.jobs.length > 0);
  if (found === undefined) throw new Error(`${name} is not connected; wanted: an approved agent with a job`);
  return found;
}

async function findArchivingRun(client: Client): Promise<string> {
  const { runs: found } = await client.call(runs, { query: { limit: 50 } });
  const runId = found.find((run) => run.endedAt !== null && run.filesArchived > 0)?.runId;
  if (runId === undefined) throw new Error('no finished run archived a file; wanted: at least one');
  return runId;
}

async function runSql(databaseUrl: string, statement: string, values: readonly unknown[]): Promise<number> {
  const connection = new pg.Client({ connectionString: databaseUrl });
  await connection.connect();
  try {
    return (await connection.query(statement, [...values])).rowCount ?? 0;
  } finally {
    await connection.end();
  }
}
