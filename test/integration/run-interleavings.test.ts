import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { begin } from '../../functions/archive/beginRun.ts';
import { complete } from '../../functions/archive/completeRun.ts';
import { storeSignsOfLife } from '../../functions/archive/signsOfLife.ts';
import { readRun, readRuns } from '../../functions/observatory/runs.ts';
import { json } from '../../functions/platform/database/index.ts';
import { stepsOf } from '../../functions/platform/runs/index.ts';
import { sweepOrphans } from '../../functions/sweepers/orphans.ts';
import { effectiveStatus } from '../../shared/domain/runStatus.ts';
import {
  approvedAgent,
  type BegunRun,
  begunRun,
  openTestArchive,
  resultOf,
  type TestAgent,
  type TestArchive,
} from '../support/archiveServices.ts';
import { everyOrder, type Interleaver, openInterleaver } from '../support/interleaving.ts';
import { testServices } from '../support/services.ts';

/**
 * Heartbeat, late writer, a newer run and the orphan sweeper meet on one run, in every order of their statements on
 * runs. The real functions on a real PostgreSQL; nothing is simulated but the order.
 */
let archive: TestArchive;
let agent: TestAgent;
let interleaver: Interleaver;

const SILENT_MS = 40 * 60_000;
/** All orders of three take long; by default those in which somebody is interrupted once at most. */
const SWITCHES_OF_THREE = process.env['INTERLEAVINGS'] === 'all' ? Number.POSITIVE_INFINITY : 1;

beforeAll(async () => {
  archive = await openTestArchive();
  agent = await approvedAgent(archive);
  interleaver = await openInterleaver(archive.database.url, 3, isPointOfRun);
});
afterAll(async () => {
  await interleaver.close();
  await archive.close();
});

/** What others can notice, or be noticed by: reads of runs, the first write that locks one, a new one, and the end. */
function isPointOfRun(statement: string, isFirstUpdate: boolean): boolean {
  if (statement === 'commit') return true;
  if (isFirstUpdate || statement.startsWith('insert into "sync_runs"')) return true;
  return statement.startsWith('select') && statement.includes('from "sync_runs"');
}

type Name = 'heartbeat' | 'complete' | 'begin' | 'resume' | 'sweep';

interface Meeting {
  readonly job: TestAgent;
  readonly run: BegunRun;
  readonly outcomes: Readonly<Partial<Record<Name, PromiseSettledResult<unknown>>>>;
  readonly order: string;
}

/** A silent run of a job of its own, and the actors that meet on it in one order. */
async function meet(names: readonly Name[], choose: Parameters<Interleaver['run']>[1]): Promise<Meeting> {
  const job = { ...agent, jobId: await addJob() };
  const run = await begunRun(archive, job);
  const actors = names.map((name, index) => {
    const database = interleaver.databases[index];
    if (database === undefined) throw new Error('no database for this actor');
    const startAt = new Date(archive.services.now().getTime() + SILENT_MS);
    const services = testServices({ database, shares: archive.shares, startAt });
    return () => act(name, services, job, run);
  });
  const { order, outcomes } = await interleaver.run(actors, choose);
  return {
    job,
    run,
    outcomes: Object.fromEntries(names.map((name, index) => [name, outcomes[index]])),
    order: order.map((index) => names[index]).join(' '),
  };
}

function act(name: Name, services: ReturnType<typeof testServices>, job: TestAgent, run: BegunRun) {
  const { correlationId } = run;
  switch (name) {
    case 'heartbeat':
      return storeSignsOfLife(services, job.runnerId, { active_jobs: [job.jobId], inFlight: [] });
    case 'complete':
      return complete(services, job, run.runId, {
        correlationId,
        results: [resultOf('a.dat')],
        closing: { expectedResults: 1, filesExamined: 1, error: null },
      });
    case 'begin':
      return begin(services, job, { jobId: job.jobId, correlationId: randomUUID(), trigger: 'schedule' });
    case 'resume':
      return begin(services, job, { jobId: job.jobId, correlationId, trigger: 'schedule' });
    case 'sweep':
      return sweepOrphans(services, []);
  }
}

let jobs = 0;
async function addJob(): Promise<string> {
  jobs += 1;
  const { db } = archive.database;
  const job = await db.selectFrom('jobs').selectAll().where('id', '=', agent.jobId).executeTakeFirstOrThrow();
  const id = `job-of-order-${String(jobs)}`;
  const lists = { include_json: json([]), exclude_json: json([]) };
  await db
    .insertInto('jobs')
    .values({ ...job, ...lists, id, name: id })
    .execute();
  return id;
}

/** What must be so after any order. */
async function expectSound(met: Meeting): Promise<void> {
  const { db } = archive.database;
  const runs = await db.selectFrom('sync_runs').selectAll().where('job_id', '=', met.job.jobId).execute();
  const first = runs.find((run) => run.id === met.run.runId);
  const second = runs.find((run) => run.id !== met.run.runId);
  const { complete: completed, begin: begun, resume, heartbeat } = met.outcomes;

  // Every answer is a defined one: an agent that goes on with a run that a newer one replaced is told so.
  for (const [name, outcome] of Object.entries(met.outcomes)) {
    const isTold = name === 'resume' && begun !== undefined && codeOf(outcome) === 'run-superseded';
    if (!isTold) expect([name, outcome]).toMatchObject([name, { status: 'fulfilled' }]);
  }
  // Never two live runs of a job.
  expect(runs.filter((run) => run.ended_at === null).length).toBeLessThanOrEqual(1);
  for (const run of runs) expect(run.live_key).toBe(run.ended_at === null ? met.job.jobId : run.id);
  // What was begun is there, and lives; a newer run has replaced the older, or found it ended.
  if (begun !== undefined) expect(second).toMatchObject({ status: 'running', ended_at: null });
  // Never a lost result.
  if (completed !== undefined) {
    const archived = await db
      .selectFrom('synced_files')
      .select('path')
      .where('job_id', '=', met.job.jobId)
      .execute();
    expect(archived).toEqual([{ path: 'a.dat' }]);
    const status = completed.status === 'fulfilled' ? (completed.value as { status: string }).status : '';
    expect(['complete', 'stale']).toContain(status);
    // Closed for its silence while its writer spoke: revived, unless a newer run has taken its place.
    if (begun === undefined) expect(first?.status).toBe('complete');
    else expect(['complete', 'stale']).toContain(first?.status);
    if (first?.status === 'complete') expect(status).toBe('complete');
  }
  if (resume?.status === 'fulfilled' && begun === undefined && completed === undefined) {
    expect(first).toMatchObject({ status: 'running', ended_at: null });
  }
  // A heartbeat that reached a live run kept it alive.
  if (heartbeat !== undefined && first?.status === 'running') {
    expect(first.last_activity_at.getTime()).toBeGreaterThan(first.created_at.getTime());
  }
  for (const run of runs) await expectOneStatus(met.job, run);
}

function codeOf(outcome: PromiseSettledResult<unknown>): unknown {
  return outcome.status === 'rejected' ? (outcome.reason as { code?: unknown }).code : undefined;
}

/** The status that is stored follows from the run's steps, and is what every page shows and what the history ends with. */
async function expectOneStatus(
  job: TestAgent,
  run: { id: string; sync_type: string; status: string },
): Promise<void> {
  const { db } = archive.database;
  const row = await db.selectFrom('sync_runs').selectAll().where('id', '=', run.id).executeTakeFirstOrThrow();
  const facts = { status: row.status, ended: row.ended_at !== null, filesFailed: row.files_failed };
  expect(row.status).toBe(effectiveStatus(facts, await stepsOf(db, row)));
  const { services, organizationId } = archive;
  expect((await readRun(services, organizationId, run.id)).run.status).toBe(row.status);
  const feed = await readRuns(services, organizationId, { jobId: job.jobId });
  expect(feed.runs.find(({ runId }) => runId === run.id)?.status).toBe(row.status);
  const changes = await db
    .selectFrom('state_changes')
    .select(['old_state', 'new_state'])
    .where('subject_id', '=', run.id)
    .execute();
  expect(leadsTo(row.status, 'running', changes), JSON.stringify(changes)).toBe(true);
}

interface Change {
  readonly old_state: string | null;
  readonly new_state: string;
}

/** Whether these changes, which may bear one instant, can have followed one another from one state to the other. */
function leadsTo(status: string, from: string, changes: readonly Change[]): boolean {
  if (changes.length === 0) return from === status;
  return changes.some(
    (change, index) =>
      change.old_state === from && leadsTo(status, change.new_state, changes.toSpliced(index, 1)),
  );
}

async function meetInEveryOrder(names: readonly Name[], mostSwitches?: number): Promise<number> {
  return everyOrder(async (choose) => {
    const met = await meet(names, choose);
    try {
      await expectSound(met);
    } catch (error) {
      throw new Error(
        `In the order ${met.order}: ${error instanceof Error ? error.message : String(error)}`,
        {
          cause: error,
        },
      );
    }
  }, mostSwitches);
}

const pairs: readonly (readonly Name[])[] = [
  ['heartbeat', 'sweep'],
  ['heartbeat', 'begin'],
  ['heartbeat', 'complete'],
  ['resume', 'sweep'],
  ['resume', 'complete'],
  ['resume', 'begin'],
  ['complete', 'sweep'],
  ['begin', 'sweep'],
  ['complete', 'begin'],
];
const triples: readonly (readonly Name[])[] = [
  ['heartbeat', 'complete', 'sweep'],
  ['heartbeat', 'begin', 'sweep'],
  ['complete', 'begin', 'sweep'],
];

describe('S14 B7 actors on one run, in every order of their statements', () => {
  it.each(pairs)(
    'S14 B7 %s and %s',
    async (...names) => {
      const orders = await meetInEveryOrder(names);
      expect(orders).toBeGreaterThan(1);
    },
    300_000,
  );

  it.each(triples)(
    'S14 B7 %s, %s and %s',
    async (...names) => {
      const orders = await meetInEveryOrder(names, SWITCHES_OF_THREE);
      expect(orders).toBeGreaterThan(1);
    },
    3_600_000,
  );

  it('S14 B7 a run that its late writer revives while a newer one begins stays closed, and its results are taken', async () => {
    const names: readonly Name[] = ['complete', 'begin', 'sweep'];
    const order = [0, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, 1];
    const met = await meet(names, (ready) => Math.max(0, ready.indexOf(order.shift() ?? 0)));
    await expectSound(met);
    expect(met.outcomes.complete).toMatchObject({ value: { status: 'stale', filesArchived: 1 } });
  });
});
