import { request } from 'node:http';
import { sql } from 'kysely';
import { z } from 'zod';
import { accessHandlers } from '../../functions/access/index.ts';
import { alertHandlers, type Finding, reconcileFindings } from '../../functions/alerts/index.ts';
import { archiveHandlers } from '../../functions/archive/index.ts';
import { auditHandlers } from '../../functions/audit/index.ts';
import { openDatabase } from '../../functions/platform/database/index.ts';
import type { EndpointHandler } from '../../functions/platform/http/handler.ts';
import { createLogger } from '../../functions/platform/logging/jsonLogger.ts';
import { ApiError } from '../../functions/platform/outbound/apiError.ts';
import { tellLine } from '../../functions/platform/telemetry/logLines.ts';
import type { TimerHandler } from '../../functions/platform/timers/timer.ts';
import { telemetryOfProcess } from '../../functions/platform/telemetry/telemetryOfProcess.ts';
import { sweeperTimers } from '../../functions/sweepers/index.ts';
import { slicesQueue, workflowHandlers, workflowSlices } from '../../functions/workflows/index.ts';
import { type Client, createClient } from '../../shared/client/index.ts';
import type { Endpoint } from '../../shared/contract/endpoint.ts';
import { fidelityAudit } from '../../shared/contract/audit.ts';
import { triggerWorkflow } from '../../shared/contract/workflows.ts';
import { askedShares } from './archiveServices.ts';
import { approvedHandAgent } from './hand-agent.ts';
import { type HostedApp, startHostedApp } from './hosted-app.ts';
import { CONNECTION_STRING, type IngestionServer } from './ingestion.ts';
import { workflowOf } from './workflows.ts';

/** The control plane on the local host, with its telemetry going to an endpoint of the test. */
export interface WatchedApp extends HostedApp {
  readonly client: Client;
  /** Sends what was told so far. */
  flush(): Promise<void>;
}

export async function startWatchedApp(
  ingested: IngestionServer,
  storage: string,
  outside: string,
): Promise<WatchedApp> {
  const workflows = [counting, refused];
  // How many statements fall into one window depends on the machine: none of them is left out here, lines are (`sayTooMuch`).
  const environment = {
    APPLICATIONINSIGHTS_CONNECTION_STRING: CONNECTION_STRING,
    TELEMETRY_REQUESTS_PER_MINUTE: '100000',
    TELEMETRY_DEPENDENCIES_PER_MINUTE: '100000',
  };
  const log = createLogger({ level: 'error', write: () => undefined, now: () => new Date() });
  const telemetry = telemetryOfProcess(environment, () => log, ingested.ingestion);
  const app = await startHostedApp({
    settings: { AzureWebJobsStorage: storage },
    queueConnectionString: storage,
    telemetry,
    handlers: [
      ...accessHandlers,
      ...alertHandlers,
      ...archiveHandlers,
      ...auditHandlers({ timers: () => [] }),
      ...workflowHandlers(workflows),
      failing,
      callingOut(outside),
    ],
    timers: [...sweeperTimers.map(byHand), brokenTimer],
    queues: [slicesQueue(workflowSlices(workflows))],
    services: (made) => ({ ...made, shares: askedShares() }),
  });
  const headers = () => ({ authorization: `Bearer ${app.admin.token}` });
  return { ...app, client: createClient({ baseUrl: app.url, headers }), flush: () => telemetry.flush() };
}

const counting = workflowOf(async (context) => context.activity('count', async () => 3));
const refused = workflowOf(
  async (context) =>
    context.activity('create', () => {
      throw new ApiError('ValidationError', 'the API refused it', { api: { status: 422 } });
    }),
  { name: 'RefusedWorkflow' },
);

const open = z.unknown();
const endpoint = (name: string): Endpoint => ({
  name,
  summary: 'of a test',
  method: 'GET',
  path: `/api/${name}`,
  callers: ['public'],
  params: open,
  query: open,
  body: open,
  response: open,
});

/** What secrets look like on the ways by which they could leave. */
export const SIGNATURE = 'c2VjcmV0LXNpZ25hdHVyZQ%3D%3D';
export const PASSWORD = 'hunter2-hunter2';

const failing: EndpointHandler = {
  endpoint: endpoint('test-failing'),
  work: async (_, { database }) => {
    await sql`select nothing from nowhere`.execute(database.db).catch(() => undefined);
    const cause = new Error(`Password=${PASSWORD};`);
    throw new Error(`https://a.file.core.windows.net/s?sig=${SIGNATURE} broke`, { cause });
  },
};

const callingOut = (outside: string): EndpointHandler => ({
  endpoint: endpoint('test-calling-out'),
  work: async () => {
    await new Promise((resolve, reject) => {
      const asked = request(`${outside}/share/file?restype=share&sv=1&sig=${SIGNATURE}`, (response) => {
        response.resume().on('end', resolve);
      });
      asked.on('error', reject).end();
    });
    return { body: {} };
  },
});

/** Due at New Year only: a tick of its own, before there is an agent, would leave the one that the test asks for nothing to do. */
const byHand = (timer: Omit<TimerHandler, 'schedule'>): TimerHandler => ({
  ...timer,
  schedule: '0 0 0 1 1 *',
});

const brokenTimer = byHand({
  name: 'test-broken',
  work: async () => Promise.reject(new Error(`Connection is closed: Password=${PASSWORD};`)),
});

/** Lets everything happen that is told of, each by the way on which it happens in earnest. */
export async function liveThroughEverything(app: WatchedApp): Promise<{ readonly runId: string }> {
  const agent = await approvedHandAgent(app, 'ARGO3');
  await agent.beat();
  const runId = await agent.loseFiles(['a.txt']);
  await fetch(`${app.url}/api/test-failing`);
  await fetch(`${app.url}/api/test-calling-out?code=${SIGNATURE}`);
  await fetch(`${app.url}/api/no-such-thing`);
  await fetch(`${app.url}/api/workflows`);
  await app.client.call(fidelityAudit, {});
  for (const syncType of ['TestWorkflow', 'RefusedWorkflow'])
    await app.client.call(triggerWorkflow, { params: { syncType }, body: {} });
  await ended(app, ['TestWorkflow', 'RefusedWorkflow']);
  await app.database.db.updateTable('jobs').set(nearPurge()).execute();
  for (const name of ['sweep-offline', 'sweep-backup-at-risk', 'sweep-dispatch', 'test-broken'])
    await app.invokeTimer(`timer-${name}`);
  await reconcileFindings(app.services, foundBySweep(app.services.now()));
  await exhaustPool(app.database.url);
  return { runId };
}

function foundBySweep(at: Date): Parameters<typeof reconcileFindings>[1] {
  const finding: Finding = {
    organizationId: 'default',
    fingerprint: 'of-a-test',
    severity: 'warning',
    class: 'operational',
    title: 'found',
    detail: 'by a test',
  };
  return { source: 'sweep-test', findings: [finding], at };
}

/** More lines than there is a budget for. */
export async function sayTooMuch(app: WatchedApp): Promise<void> {
  for (let n = 0; n < 500; n += 1) tellLine({ level: 'info', message: 'too much', facts: {} });
  await app.flush();
}

/** A source of 1,000 files that is nearly full, with files that wait. */
function nearPurge() {
  return {
    source_cap: 1000,
    source_count: 990,
    backlog_count: 50,
    backlog_bytes: 1_000_000,
    purge_ahead: 900,
    produced_peak_hour: 400,
    produced_last_hour: 400,
    produced_last_day: 2000,
    source_reported_at: new Date(),
  };
}

/** A pool of one connection that is taken. */
async function exhaustPool(url: string): Promise<void> {
  const database = await openDatabase({ url, poolMax: 1, acquireTimeoutMs: 1000 });
  await database.transaction(async () => {
    await database.ping().catch(() => undefined);
  });
  await database.close();
}

async function ended({ database }: HostedApp, syncTypes: readonly string[]): Promise<void> {
  const live = database.db
    .selectFrom('sync_runs')
    .select('id')
    .where('sync_type', 'in', syncTypes)
    .where('ended_at', 'is not', null);
  while ((await live.execute()).length < syncTypes.length)
    await new Promise((resolve) => setTimeout(resolve, 50));
}
