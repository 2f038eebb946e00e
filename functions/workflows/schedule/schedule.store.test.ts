import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { testServices } from '../../../test/support/services.ts';
import { openWorkflowBench, type WorkflowBench, workflowOf } from '../../../test/support/workflows.ts';
import { dueAtOf } from '../../platform/timers/dueAt.ts';
import { runTick } from '../../platform/timers/runTick.ts';
import { sweepExpectedRuns } from '../../sweepers/expectedRuns.ts';
import { trigger } from '../trigger.ts';
import { workflowTimers } from './timers.ts';

const minute = 60_000;
const hour = 60 * minute;
let bench: WorkflowBench;

beforeAll(async () => {
  bench = await openWorkflowBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  const { db } = bench.database;
  for (const table of ['sync_steps', 'sync_runs', 'workflow_schedules', 'timer_ticks'] as const)
    await db.deleteFrom(table).execute();
  await db.deleteFrom('state_changes').execute();
  const startAt = new Date('2026-04-13T01:00:00.000Z');
  bench.services = testServices({ database: bench.database, startAt });
});

const nightly = workflowOf((context) => context.activity('a', () => Promise.resolve(1)), {
  name: 'tga_sync',
  schedule: '0 0 2 * * *',
  exclusive: true,
});
const [timer] = workflowTimers([nightly]);
const tick = () => runTick(timer!, bench.services);

const runs = async () =>
  (
    await bench.database.db
      .selectFrom('sync_runs')
      .select(['id', 'status', 'status_reason'])
      .orderBy('started_at')
      .execute()
  ).map(({ id, status, status_reason: reason }) => [id, status, reason?.split(':')[0] ?? null]);

/** A sweep, and the tick of the dispatch timer by which the platform is known to be up. */
async function sweep(workflow = nightly): Promise<void> {
  const at = bench.services.now();
  const beat = { timer_name: 'sweep-dispatch', due_at: at, instance_id: 'i', started_at: at };
  await bench.database.db.insertInto('timer_ticks').values(beat).execute();
  await sweepExpectedRuns(bench.services, [workflow]);
}

async function upFor(ms: number, workflow = nightly): Promise<void> {
  for (const until = bench.services.now().getTime() + ms; bench.services.now().getTime() < until;) {
    bench.services.advance(2 * minute);
    await sweep(workflow);
  }
}

const alerts = async () =>
  (
    await bench.database.db
      .selectFrom('alerts')
      .select('title')
      .where('source', '=', 'sweep-expected-runs')
      .where('status', '=', 'open')
      .execute()
  ).map(({ title }) => title);

describe('a schedule', () => {
  it('W1 B1 two ticks of one occurrence are one run, which says for when it is', async () => {
    bench.services.advance(hour);
    expect(await tick()).toBe('done');
    expect(await tick()).toBe('rival');
    // Of a host whose record of ticks was lost.
    await bench.database.db.deleteFrom('timer_ticks').execute();
    expect(await tick()).toBe('done');
    expect(await runs()).toEqual([['tga-sync-2026-04-13T02-00-00Z', 'running', null]]);
    expect(bench.services.sent).toHaveLength(1);
  });

  it('W1 B3 a tick that comes after three missed ones starts one run', async () => {
    bench.services.advance(3 * 24 * hour + 90 * minute);
    await tick();
    expect(await runs()).toEqual([['tga-sync-2026-04-16T02-00-00Z', 'running', null]]);
  });

  it('W1 B6 a cycle that comes while the one before still runs is a stale row, and nothing is started twice', async () => {
    bench.services.advance(hour);
    await tick();
    bench.services.advance(24 * hour);
    await tick();
    expect(await runs()).toEqual([
      ['tga-sync-2026-04-13T02-00-00Z', 'running', null],
      ['tga-sync-2026-04-14T02-00-00Z', 'stale', 'skipped'],
    ]);
    // What resumes the workflow goes on with the one that lives.
    const by = { organizationId: 'org', by: 'ada', correlationId: 'c', alongside: () => Promise.resolve() };
    expect(await trigger(bench.services, [nightly], nightly, by)).toMatchObject({
      runId: 'tga-sync-2026-04-13T02-00-00Z',
      outcome: 'waiting',
    });
    await bench.database.db.deleteFrom('timer_ticks').execute();
    await tick();
    expect((await runs())[1]).toEqual(['tga-sync-2026-04-14T02-00-00Z', 'stale', 'skipped']);
  });

  it('O1 a workflow without its settings starts nothing, and is not missed', async () => {
    const lacking = { ...nightly, needs: ['WORKFLOW_API_KEY'] as const };
    await sweep(lacking);
    bench.services.advance(hour);
    await runTick(workflowTimers([lacking])[0]!, bench.services);
    await upFor(hour, lacking);
    expect(await runs()).toEqual([]);
  });

  it('W1 names of timers are names of functions', () => {
    const dotted = { ...nightly, name: 'Sync-people.people.getAll', payload: z.unknown() };
    expect(workflowTimers([dotted])[0]?.name).toBe('workflow-sync-people-people-get-all');
  });
});

describe('the ledger of expected runs', () => {
  it('O1 B45 a run that was due and never began is a stale row and an alert; a trigger starts it after all', async () => {
    await sweep();
    await upFor(hour + 4 * minute);
    expect(await runs()).toEqual([]);
    await upFor(10 * minute);
    expect(await runs()).toEqual([['tga-sync-2026-04-13T02-00-00Z', 'stale', 'never started']]);
    expect(await alerts()).toEqual(['tga_sync: the run of 2026-04-13T02:00:00.000Z did not begin']);
    await upFor(10 * minute);
    expect(await runs()).toHaveLength(1);
    const by = { organizationId: 'org', by: 'ada', correlationId: 'c', alongside: () => Promise.resolve() };
    expect(await trigger(bench.services, [nightly], nightly, by)).toMatchObject({ outcome: 'resumed' });
    await bench.workAll(nightly);
    expect(await runs()).toEqual([['tga-sync-2026-04-13T02-00-00Z', 'complete', null]]);
    await upFor(2 * minute);
    expect(await alerts()).toEqual([]);
  });

  it('O1 a tick that is later than the grace still starts its run, once', async () => {
    await sweep();
    await upFor(hour + 14 * minute);
    expect(await runs()).toEqual([['tga-sync-2026-04-13T02-00-00Z', 'stale', 'never started']]);
    await tick();
    expect(await runs()).toEqual([['tga-sync-2026-04-13T02-00-00Z', 'running', null]]);
    await bench.workAll(nightly);
    await bench.database.db.deleteFrom('timer_ticks').execute();
    await tick();
    expect(await runs()).toEqual([['tga-sync-2026-04-13T02-00-00Z', 'complete', null]]);
  });

  it('O1 S1 after an outage of three nights a late tick has its grace, and else the newest night is written off', async () => {
    await sweep();
    bench.services.advance(3 * 24 * hour + 3 * hour);
    await sweep();
    await upFor(8 * minute);
    expect(await runs()).toEqual([]);
    await upFor(6 * minute);
    expect(await runs()).toEqual([['tga-sync-2026-04-16T02-00-00Z', 'stale', 'never started']]);
    const [row] = await bench.database.db.selectFrom('sync_runs').select('status_reason').execute();
    expect(row?.status_reason).toContain('the platform was down');
  });

  it('O1 B43 a schedule that is new, or changed, is not expected in the past', async () => {
    bench.services.advance(2 * hour);
    await sweep();
    await upFor(20 * minute);
    const changed = { ...nightly, schedule: '0 0 3 * * *' };
    await upFor(20 * minute, changed);
    expect(await runs()).toEqual([]);
    expect(dueAtOf(changed.schedule, bench.services.now())).toEqual(new Date('2026-04-13T03:00:00.000Z'));
  });
});
