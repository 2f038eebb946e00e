import { sql } from 'kysely';
import { type Database, openDatabase } from '../../functions/platform/database/index.ts';
import { sweepFailedRuns } from '../../functions/sweepers/failedRuns.ts';
import { readEnabledJobs } from '../../functions/sweepers/stores/jobs.ts';
import { type Client, createClient } from '../../shared/client/index.ts';
import { fidelityAudit } from '../../shared/contract/audit.ts';
import { fleet, run as runPage, runner as runnerPage, runs, runStatus } from '../../shared/contract/fleet.ts';
import { workflowKinds, workflowRun } from '../../shared/contract/workflows.ts';
import type { ClockedApp } from './clockedApp.ts';
import { syncToolHere } from './sync-tool.ts';

/** What the places where people and programs meet the status of a run say of one run. */
export type Said = Readonly<Record<string, unknown>>;

export interface Surfaces {
  readonly app: ClockedApp;
  readonly operator: Client;
  readonly pipeline: Client;
  /** A person with a client of SQL, who may say what only one dialect knows. */
  readonly plain: Database;
}

export async function openSurfaces(app: ClockedApp): Promise<Surfaces> {
  const { url, admin, ciSecret } = app;
  return {
    app,
    operator: createClient({ baseUrl: url, headers: () => ({ authorization: `Bearer ${admin.token}` }) }),
    pipeline: createClient({ baseUrl: url, headers: () => ({ 'x-ci-secret': ciSecret }) }),
    plain: await openDatabase({ url: app.database.url }),
  };
}

/** Of a run of any kind. */
export async function saidOfRun(surfaces: Surfaces, runId: string): Promise<Said> {
  const { operator } = surfaces;
  const { run } = await operator.call(runPage, { params: { runId } });
  const table = (await tool(surfaces, 'runs', '--prefix', runId)).out;
  const whole = await tool(surfaces, 'run', runId, '--json');
  return {
    card: await onCard(surfaces, runId),
    cardFilters: await filtersThatFind(surfaces, runId),
    page: run.status,
    latestRuns: await inSql(surfaces, `SELECT status AS said FROM latest_runs WHERE id = '${runId}'`),
    history: await lastChange(surfaces, runId),
    terminalTable: wordAfter(runId, table),
    terminalJson: (JSON.parse(whole.out) as { run: { status: string } }).run.status,
    // A run that goes on would be waited for.
    terminalExit: run.endedAt === null ? null : (await tool(surfaces, 'run', runId, '--wait')).code,
  };
}

/** Of a run of a workflow, the newest of its kind. */
export async function saidOfWorkflow(surfaces: Surfaces, runId: string): Promise<Said> {
  const { operator } = surfaces;
  const page = await operator.call(workflowRun, { params: { runId } });
  const { workflows } = await operator.call(workflowKinds, {});
  const view = (what: string) =>
    inSql(surfaces, `SELECT ${what} AS said FROM workflows WHERE id = '${runId}'`);
  return {
    ...(await saidOfRun(surfaces, runId)),
    workflowCard: workflows.map(({ lastRun }) => lastRun?.status).join(),
    workflowPage: page.run.status,
    workflowPageFailure: page.failure !== null,
    workflowPageAllows: page.allowed,
    terminalShow: wordAfter(runId, (await tool(surfaces, 'workflow', 'show', runId)).out),
    workflowsView: await view('status'),
    workflowsViewExact: await view('run_status'),
    cursorView: await inSql(surfaces, `SELECT status AS said FROM tga_sync_cursor WHERE run_id = '${runId}'`),
    alert: await alertOn(surfaces, runId),
    audit: (await audited(surfaces, 'NO_STALE_ORPHANS'))?.summary,
  };
}

/** Of a file sync, the newest of its job. */
export async function saidOfFileSync(
  surfaces: Surfaces,
  { runId, runnerId, jobId }: { readonly runId: string; readonly runnerId: string; readonly jobId: string },
): Promise<Said> {
  const { operator, app } = surfaces;
  const { runners } = await operator.call(fleet, {});
  const { runner } = await operator.call(runnerPage, { params: { runnerId } });
  const sweeper = (await readEnabledJobs(app.database.db)).find(({ id }) => id === jobId);
  const jobOf = (jobs: typeof runner.jobs) => jobs.find((job) => job.jobId === jobId)?.lastRun?.status;
  return {
    ...(await saidOfRun(surfaces, runId)),
    fleetCard: jobOf(runners.flatMap(({ jobs }) => jobs)),
    runnerPage: jobOf(runner.jobs),
    sweeper: sweeper?.latest_status,
    audit: (await audited(surfaces, 'JOBS_SUCCEEDED'))?.evidence.map(
      ({ detail, status }) => `${status}: ${detail}`,
    ),
  };
}

function tool({ app }: Surfaces, ...args: string[]) {
  return syncToolHere(args, { env: { DATASYNC_URL: app.url, DATASYNC_TOKEN: app.admin.token } });
}

function wordAfter(runId: string, text: string): string | undefined {
  return new RegExp(`^${runId} +(\\w+)`, 'm').exec(text)?.[1];
}

type Status = (typeof runStatus.options)[number];

async function onCard({ operator }: Surfaces, runId: string, filter: { status?: Status } = {}) {
  const { runs: found } = await operator.call(runs, { query: { prefix: runId, ...filter } });
  return found.find((one) => one.runId === runId)?.status;
}

/** The statuses by which the feed, asked for one, finds the run. */
async function filtersThatFind(surfaces: Surfaces, runId: string): Promise<Status[]> {
  const asked = runStatus.options.map(async (status) =>
    (await onCard(surfaces, runId, { status })) ? [status] : [],
  );
  return (await Promise.all(asked)).flat();
}

async function inSql({ plain }: Surfaces, query: string): Promise<unknown> {
  return (await sql.raw<{ said: unknown }>(query).execute(plain.db)).rows[0]?.said;
}

async function lastChange({ app }: Surfaces, runId: string): Promise<string> {
  const row = await app.database.db
    .selectFrom('state_changes')
    .select('new_state')
    .where('subject_type', '=', 'run')
    .where('subject_id', '=', runId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  // The beginning of a file sync is no change.
  return row?.new_state ?? 'running';
}

async function audited({ pipeline }: Surfaces, check: string) {
  const { checks } = await pipeline.call(fidelityAudit, { query: {} });
  return checks.find(({ name }) => name === check);
}

/** The titles of the alerts that are open on a run: cards and mails have them as they are. */
async function alertOn({ app }: Surfaces, runId: string): Promise<readonly string[]> {
  await sweepFailedRuns(app.services);
  const rows = await app.database.db
    .selectFrom('alerts')
    .select(['title', 'detail'])
    .where('status', '<>', 'resolved')
    .orderBy('title')
    .execute();
  return rows.filter(({ detail }) => detail.includes(runId)).map(({ title }) => title);
}
