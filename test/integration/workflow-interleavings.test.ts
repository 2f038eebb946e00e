import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '../../functions/platform/http/problem.ts';
import { stepsOf } from '../../functions/platform/runs/index.ts';
import { sweepOrphans } from '../../functions/sweepers/orphans.ts';
import { sweepWatchdog } from '../../functions/sweepers/watchdog.ts';
import { pauseRun, resumeRun, retryRun, terminateRun } from '../../functions/workflows/controlRun.ts';
import { DISPATCH_GRACE_MS, dispatchOverdueSlices } from '../../functions/workflows/dispatch.ts';
import { durableWork } from '../../functions/workflows/durable/durableWork.ts';
import { outcome } from '../../functions/workflows/durable/outcome.ts';
import { workOnSlice } from '../../functions/workflows/worker.ts';
import { effectiveStatus } from '../../shared/domain/runStatus.ts';
import { everyOrder, type Interleaver, openInterleaver } from '../support/interleaving.ts';
import { type TestServices, testServices } from '../support/services.ts';
import { openWorkflowBench, type WorkflowBench, workflowOf } from '../support/workflows.ts';

/**
 * A worker, its rival, people and sweepers meet on one run of a workflow, in every order of their statements on runs. The
 * real functions on a real PostgreSQL; nothing is simulated but the order.
 */
let bench: WorkflowBench;
let interleaver: Interleaver;

const SILENT_MS = 40 * 60_000;
/** By default orders in which somebody is interrupted twice at most, of three actors once; all of them are hours. */
const isAll = process.env['INTERLEAVINGS'] === 'all';
const SWITCHES = isAll ? Number.POSITIVE_INFINITY : 2;
const SWITCHES_OF_THREE = isAll ? Number.POSITIVE_INFINITY : 1;
const LIMIT_MS = isAll ? 24 * 3_600_000 : 300_000;

beforeAll(async () => {
  bench = await openWorkflowBench();
  interleaver = await openInterleaver(bench.database.url, 3, isPointOfRun);
});
afterAll(async () => {
  await interleaver.close();
  await bench.close();
});

function isPointOfRun(statement: string, isFirstUpdate: boolean): boolean {
  if (statement === 'commit' || isFirstUpdate || isUpdateAndMore(statement)) return true;
  return statement.startsWith('select') && statement.includes('from "sync_runs"');
}

function isUpdateAndMore(statement: string): boolean {
  return statement.startsWith('with taken as (update "sync_runs"');
}

/** Two activities: one with an effect, so that what happened twice, or never, shows; the other's result is stored without asking first. */
const workflow = workflowOf(async (context) => {
  await context.activity('a', () =>
    Promise.resolve(
      outcome({
        result: 'a',
        apply: async (tx, { at, newId }) => {
          const { runId: run_id, organizationId: organization_id } = context.run;
          const effect = { register: 'test', event_type: 'done', entity_type: 'effect', entity_code: 'a' };
          const row = { id: newId(), organization_id, run_id, created_at: at, ...effect };
          await tx.insertInto('change_events').values(row).execute();
        },
      }),
    ),
  );
  await context.activity('b', () => Promise.resolve('b'));
});

type Name =
  | 'work'
  | 'late'
  | 'rival'
  | 'takeover'
  | 'pause'
  | 'resume'
  | 'terminate'
  | 'retry'
  | 'orphans'
  | 'watchdog'
  | 'dispatch';

/** How the run is when they meet. */
type State = 'due' | 'paused' | 'stale';

const before: Readonly<Record<State, (runId: string) => Promise<unknown>>> = {
  due: () => Promise.resolve(),
  paused: (runId) => pauseRun(bench.services, by(runId)),
  stale: () => sweepOrphans(later(bench.services), []),
};

const by = (runId: string) => ({ organizationId: 'org', runId, by: 'ada' });

/** Services at a moment when nothing was heard of the run for long. */
function later(services: TestServices): TestServices {
  services.advance(SILENT_MS);
  return services;
}

function act(name: Name, services: TestServices, runId: string, state: State = 'due'): Promise<unknown> {
  // A retry makes the next slice, so that what was sent before it is late.
  const slice = state === 'stale' && name !== 'late' ? 1 : 0;
  switch (name) {
    case 'work':
    case 'rival':
    case 'late':
      return workOnSlice([durableWork(workflow)], { runId, slice }, services);
    case 'takeover':
      return takeOver(services, runId);
    case 'pause':
      return pauseRun(services, by(runId));
    case 'resume':
      return resumeRun(services, by(runId));
    case 'terminate':
      return terminateRun(services, [], by(runId));
    case 'retry':
      return retryRun(services, [workflow], by(runId));
    case 'orphans':
      return sweepOrphans(services, []);
    case 'watchdog':
      return sweepWatchdog(services);
    case 'dispatch':
      return dispatch(services);
  }
}

/** Another host, to which the same message comes when the lease has run out while its holder stood still. */
async function takeOver(services: TestServices, runId: string): Promise<unknown> {
  await services.database.db
    .updateTable('sync_runs')
    .set({ lease_until: new Date(0) })
    .where('id', '=', runId)
    .where('lease_until', 'is not', null)
    .execute();
  return act('work', services, runId);
}

/** The sweeper, and the host that takes what it sent. */
async function dispatch(services: TestServices): Promise<void> {
  await dispatchOverdueSlices(services);
  for (const message of services.sent.splice(0))
    await workOnSlice([durableWork(workflow)], message, services);
}

async function meet(
  state: State,
  names: readonly Name[],
  choose: Parameters<Interleaver['run']>[1],
): Promise<string> {
  bench.renew();
  const runId = await bench.start(workflow);
  await before[state](runId);
  const startAt = new Date(Math.max(Date.now(), bench.services.now().getTime()) + SILENT_MS);
  const actors = names.map((name, index) => {
    const database = interleaver.databases[index];
    if (database === undefined) throw new Error('no database for this actor');
    return () => act(name, testServices({ database, startAt }), runId, state);
  });
  const { order, outcomes } = await interleaver.run(actors, choose);
  const said = order.map((index) => names[index]).join(' ');
  try {
    await expectSound(runId, names, outcomes, startAt);
  } catch (error) {
    throw new Error(`In the order ${said}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return said;
}

async function expectSound(
  runId: string,
  names: readonly Name[],
  outcomes: readonly PromiseSettledResult<unknown>[],
  at: Date,
): Promise<void> {
  // Every answer is a defined one: people are told when the run is not in a state for it any more.
  for (const [index, result] of outcomes.entries())
    if (result.status === 'rejected') {
      expect([names[index], result.reason]).toEqual([names[index], expect.any(Problem)]);
      expect((result.reason as Problem).code).toBe('wrong-state');
    }
  await expectOneStatus(runId);
  const terminated = outcomes[names.indexOf('terminate')]?.status === 'fulfilled';
  if (terminated) await expectForGood(runId, at);
  else await goOnToTheEnd(runId, at);
  // An effect is there exactly where its step says so, and never twice.
  const steps = await stepsOf(bench.database.db, await bench.run(runId));
  const done = steps.filter(({ status }) => status === 'complete').map(({ step }) => step);
  expect(await effectsOf(runId)).toEqual(done.filter((step) => step === 'a'));
  if (!terminated) expect(done.sort()).toEqual(['a', 'b']);
}

/** Nobody brings a terminated run back: not its message, not the sweepers, not a person. */
async function expectForGood(runId: string, at: Date): Promise<void> {
  const before = [(await bench.run(runId)).status, ...(await effectsOf(runId))];
  expect(before[0]).toBe('terminated');
  const services = testServices({ database: bench.database, startAt: at });
  services.advance(SILENT_MS);
  const { slice } = await bench.run(runId);
  await workOnSlice([durableWork(workflow)], { runId, slice }, services);
  for (const name of ['dispatch', 'orphans', 'watchdog'] as const) await act(name, services, runId);
  for (const name of ['pause', 'resume', 'retry'] as const)
    await expect(act(name, services, runId)).rejects.toThrow('terminated');
  expect([(await bench.run(runId)).status, ...(await effectsOf(runId))]).toEqual(before);
}

async function effectsOf(runId: string): Promise<string[]> {
  const rows = await bench.database.db
    .selectFrom('change_events')
    .select('entity_code')
    .where('run_id', '=', runId)
    .execute();
  return rows.map((row) => row.entity_code).sort();
}

/** No run is lost: whatever state they left it in, resuming, retrying and the dispatch sweeper bring it to its end. */
async function goOnToTheEnd(runId: string, at: Date): Promise<void> {
  const services = testServices({ database: bench.database, startAt: at });
  for (let turn = 0; turn < 10; turn += 1) {
    const run = await bench.run(runId);
    if (run.status === 'complete') return;
    if (run.status === 'paused') await resumeRun(services, by(runId));
    if (run.status === 'stale' || run.status === 'failed') await retryRun(services, [workflow], by(runId));
    await bench.database.db
      .updateTable('sync_runs')
      .set({ lease_until: new Date(0) })
      .where('id', '=', runId)
      .where('lease_until', 'is not', null)
      .execute();
    services.advance(DISPATCH_GRACE_MS + 1000);
    await dispatchOverdueSlices(services);
    for (const message of services.sent.splice(0))
      if (message.runId === runId) await workOnSlice([durableWork(workflow)], message, services);
  }
  throw new Error(`the run does not come to its end: it is ${(await bench.run(runId)).status}`);
}

/** The status that is stored follows from the run's steps. */
async function expectOneStatus(runId: string): Promise<void> {
  const row = await bench.run(runId);
  const facts = { status: row.status, ended: row.ended_at !== null, filesFailed: 0 };
  expect(row.status).toBe(effectiveStatus(facts, await stepsOf(bench.database.db, row)));
}

const meetings: readonly (readonly [state: State, ...names: Name[]])[] = [
  ['due', 'work', 'rival'],
  ['due', 'work', 'takeover'],
  ['due', 'work', 'pause'],
  ['due', 'work', 'terminate'],
  ['due', 'work', 'orphans'],
  ['due', 'work', 'watchdog'],
  ['due', 'work', 'dispatch'],
  ['due', 'pause', 'terminate'],
  ['due', 'pause', 'dispatch'],
  ['due', 'terminate', 'dispatch'],
  ['due', 'pause', 'orphans'],
  ['paused', 'resume', 'terminate'],
  ['paused', 'resume', 'orphans'],
  ['paused', 'resume', 'work'],
  ['paused', 'resume', 'dispatch'],
  ['stale', 'retry', 'work'],
  ['stale', 'retry', 'late'],
  ['stale', 'retry', 'terminate'],
  ['stale', 'retry', 'orphans'],
  ['stale', 'retry', 'dispatch'],
  ['due', 'work', 'pause', 'resume'],
  ['due', 'work', 'pause', 'terminate'],
  ['due', 'work', 'terminate', 'dispatch'],
  ['due', 'work', 'pause', 'orphans'],
  ['due', 'work', 'orphans', 'retry'],
];

describe('S14 B7 actors on one run of a workflow, in every order of their statements', () => {
  for (const [state, ...names] of meetings) {
    it(
      `S14 B7 W1 ${names.join(', ')} on a run that is ${state}`,
      async () => {
        const mostSwitches = names.length > 2 ? SWITCHES_OF_THREE : SWITCHES;
        const orders = await everyOrder(async (choose) => {
          await meet(state, names, choose);
        }, mostSwitches);
        expect(orders).toBeGreaterThan(1);
      },
      LIMIT_MS,
    );
  }
});
