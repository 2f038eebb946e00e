import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorTag } from '../../../shared/domain/errorTags.ts';
import { testServices } from '../../../test/support/services.ts';
import { openWorkflowBench, type WorkflowBench, workflowOf } from '../../../test/support/workflows.ts';
import { ApiError } from '../../platform/outbound/apiError.ts';
import { sweepFailedRuns } from '../../sweepers/failedRuns.ts';
import { sweepOrphans } from '../../sweepers/orphans.ts';
import { sweepStuckRuns } from '../../sweepers/stuckRuns.ts';
import { sweepWatchdog } from '../../sweepers/watchdog.ts';
import { pauseRun, resumeRun, retryRun, terminateRun } from '../controlRun.ts';
import { dispatchOverdueSlices } from '../dispatch.ts';
import { durableWork } from '../durable/durableWork.ts';
import { workOnSlice } from '../worker.ts';

const minute = 60_000;
let bench: WorkflowBench;
let failsWith: ErrorTag | null = null;

beforeAll(async () => {
  bench = await openWorkflowBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  const { db } = bench.database;
  for (const table of ['sync_steps', 'sync_runs', 'timer_ticks', 'notifications', 'alerts'] as const)
    await db.deleteFrom(table).execute();
  const startAt = new Date('2026-04-13T01:00:00.000Z');
  const settings = { PUBLIC_ORIGINS: 'https://sync.example.org' };
  bench.services = testServices({ database: bench.database, startAt, settings });
  failsWith = null;
});

const failing = workflowOf(
  async (context) => {
    await context.activity('before', () => Promise.resolve(null));
    await context.activity('call', () => {
      if (failsWith === null) return Promise.resolve(null);
      const body = { errors: [{ source: { pointer: '/data/attributes/email' }, token: 'tell-nobody' }] };
      throw new ApiError(failsWith, 'the other side said no', { api: { status: 422, body } });
    });
  },
  { name: 'SyncAllPeople' },
);

async function runOnce(tag: ErrorTag | null, payload: Record<string, unknown> = {}): Promise<string> {
  failsWith = tag;
  const runId = await bench.start(failing, payload);
  await bench.workAll(failing);
  bench.services.advance(minute);
  return runId;
}

const by = (runId: string) => ({ organizationId: 'org', runId, by: 'ada' });

async function open(sweep: () => Promise<unknown>) {
  bench.services.advance(1000);
  await sweep();
  return bench.database.db
    .selectFrom('alerts')
    .select(['fingerprint', 'title', 'detail', 'severity'])
    .where('status', '=', 'open')
    .orderBy('title')
    .execute();
}
const failed = () => open(() => sweepFailedRuns(bench.services));
const stuck = (workflow = failing) => open(() => sweepStuckRuns(bench.services, [workflow]));

describe('failed runs reach people', () => {
  it('W12 a permanent failure tells the tag, the execution, the last step, and has a bug report to copy, without secrets', async () => {
    const runId = await runOnce('ValidationError', { person: 7, apiKey: 'tell-nobody' });
    const [alert, ...others] = await failed();
    expect(others).toEqual([]);
    expect(alert).toMatchObject({ title: 'SyncAllPeople failed: ValidationError', severity: 'warning' });
    for (const part of [
      `Run ${runId}, last step call`,
      `https://sync.example.org/runs/${runId}`,
      'Bug report:',
      '"person":7',
      '"pointer":"/data/attributes/email"',
    ])
      expect(alert?.detail).toContain(part);
    expect(alert?.detail).not.toContain('tell-nobody');
  });

  it('W12 a transient failure says where to look and how to retry; a retry to success resolves it', async () => {
    const runId = await runOnce('ServiceUnavailableError');
    const [alert] = await failed();
    expect(alert?.detail).toContain('status page');
    expect(alert?.detail).toContain(`sync-tool workflow retry ${runId}`);
    expect(alert?.detail).not.toContain('Bug report');
    failsWith = null;
    await retryRun(bench.services, [failing], by(runId));
    await bench.workAll(failing);
    expect(await failed()).toEqual([]);
  });

  it('W12 is resolved by a person who ends the run, and by a later run with the same payload, not by one with another', async () => {
    const ended = await runOnce('ConflictError', { person: 1 });
    await runOnce('ConflictError', { person: 2 });
    expect(await failed()).toHaveLength(2);
    await terminateRun(bench.services, [], by(ended));
    expect(await failed()).toHaveLength(1);
    await runOnce(null, { person: 3 });
    expect(await failed()).toHaveLength(1);
    await runOnce(null, { person: 2 });
    expect(await failed()).toEqual([]);
  });

  it('W12 O6 a walk that stopped at a fall is made good by one that accepts it, and by none before it', async () => {
    await runOnce(null, { acceptFall: true, of: 'this' });
    await runOnce('ConflictError', { acceptFall: false, of: 'this' });
    expect(await failed()).toHaveLength(1);
    await runOnce(null, { acceptFall: true, of: 'that' });
    expect(await failed()).toHaveLength(1);
    await runOnce(null, { acceptFall: true, of: 'this' });
    expect(await failed()).toEqual([]);
  });

  it('W12 B38 the same payload failing again is the same alert; many payloads are one alert with the bulk retry', async () => {
    await runOnce('TimeoutError', { person: 0 });
    const newest = await runOnce('TimeoutError', { person: 0 });
    const [alert, ...others] = await failed();
    expect(others).toEqual([]);
    expect(alert?.detail).toContain(newest);
    expect(alert?.detail).toContain('2 runs with this payload');
    for (let person = 1; person <= 5; person += 1) await runOnce('TimeoutError', { person });
    const many = await failed();
    expect(many.map(({ title }) => title)).toEqual(['6 runs of SyncAllPeople failed: TimeoutError']);
    expect(many[0]?.detail).toContain('retry --tag TimeoutError');
  });

  it('W12 S2 a step that timed out and a run that fell silent are told, and a message that nobody can send', async () => {
    const runId = await bench.start(failing);
    const [message] = bench.services.sent.splice(0);
    // The host dies in the middle of the activity that it has just shown.
    const dying = workflowOf(
      (context) =>
        context.activity('before', async () => {
          await new Promise((resolve) => setTimeout(resolve, 150));
          throw new Error('unreachable');
        }),
      { name: 'SyncAllPeople' },
    );
    const dead = { ...bench.services.database, transaction: bench.services.database.transaction };
    let shown = 0;
    dead.transaction = (work) => {
      if (shown > 0) throw new Error('killed');
      shown += 1;
      return bench.database.transaction(work);
    };
    const services = { ...bench.services, database: dead };
    await expect(workOnSlice([durableWork(dying)], message!, services)).rejects.toThrow('killed');
    await bench.database.db
      .updateTable('sync_runs')
      .set({ lease_until: new Date(0) })
      .execute();
    bench.services.advance(6 * minute);
    await sweepWatchdog(bench.services);
    expect((await failed()).map(({ title }) => title)).toEqual(['SyncAllPeople: step before timed out']);
    await bench.database.db.updateTable('sync_runs').set({ next_slice_at: null }).execute();
    bench.services.advance(31 * minute);
    await sweepOrphans(bench.services, []);
    expect((await failed()).map(({ title }) => title)).toEqual(['SyncAllPeople failed: no sign of life']);
    await retryRun(bench.services, [failing], by(runId));
    await bench.workAll(failing);
    expect(await failed()).toEqual([]);
    Object.assign(bench.services.slices, { send: () => Promise.reject(new Error('ECONNREFUSED')) });
    await bench.start(failing);
    const [broken] = await failed();
    expect(broken?.detail).toContain('chain_failed');
  });

  it('W11 a run that is in doubt is a warning until a sound one came', async () => {
    let rows: number[] = [];
    const reading = workflowOf(
      (context) =>
        context.pages('walk', {
          first: 0,
          fetch: () => Promise.resolve({ rows, next: null }),
          apply: (page) => Promise.resolve(page.length),
        }),
      { name: 'Reading', volume: 'full' },
    );
    await bench.start(reading);
    await bench.workAll(reading);
    expect(await failed()).toMatchObject([{ title: 'Reading brought too little', severity: 'warning' }]);
    rows = [1];
    bench.services.advance(minute);
    await bench.start(reading);
    await bench.workAll(reading);
    expect(await failed()).toEqual([]);
  });
});

describe('stuck runs', () => {
  it('W8 a run over its expected time is critical, with its last step; the time that it was paused does not count', async () => {
    const sleepy = workflowOf(
      async (context) => {
        await context.activity('a', () => Promise.resolve(1));
        await context.sleep('nap', 40 * minute);
      },
      { name: 'Sleepy', expectedMinutes: 30 },
    );
    const runId = await bench.start(sleepy);
    await bench.work(sleepy);
    bench.services.advance(29 * minute);
    expect(await stuck(sleepy)).toEqual([]);
    bench.services.advance(2 * minute);
    const [alert] = await stuck(sleepy);
    expect(alert).toMatchObject({ title: 'Sleepy is stuck', severity: 'critical' });
    expect(alert?.detail).toContain('last step nap (running)');
    await pauseRun(bench.services, by(runId));
    expect(await stuck(sleepy)).toEqual([]);
    bench.services.advance(minute);
    await resumeRun(bench.services, by(runId));
    expect(await stuck(sleepy)).toEqual([]);
  });

  it('W8 a run that is at work again and again without storing anything is stuck long before that', async () => {
    const runId = await bench.start(failing);
    bench.services.advance(12 * minute);
    await bench.database.db
      .updateTable('sync_runs')
      .set({ slice_attempts: 3, last_activity_at: bench.services.now(), next_slice_at: bench.services.now() })
      .where('id', '=', runId)
      .execute();
    const [alert] = await stuck();
    expect(alert?.detail).toContain('has not got on for 12 min');
    const held = { slice_attempts: 1, lease_until: new Date(Date.now() + 10 * minute), lease_token: 't' };
    await bench.database.db.updateTable('sync_runs').set(held).where('id', '=', runId).execute();
    expect(await stuck()).toEqual([]);
    bench.services.advance(20 * minute);
    expect((await stuck())[0]?.detail).toContain('has not got on for 32 min');
  });

  it('W8 S1 the platform’s own outage is nobody’s delay, and just after it nobody is judged', async () => {
    const beat = async () => {
      const at = bench.services.now();
      const row = { timer_name: 'sweep-dispatch', due_at: at, instance_id: 'i', started_at: at };
      await bench.database.db.insertInto('timer_ticks').values(row).execute();
    };
    await bench.start(failing);
    await beat();
    bench.services.advance(5 * 60 * minute);
    await beat();
    expect(await stuck()).toEqual([]);
    for (let tick = 0; tick < 6; tick += 1) {
      bench.services.advance(2 * minute);
      await beat();
    }
    await dispatchOverdueSlices(bench.services);
    await bench.workAll(failing);
    expect(await stuck()).toEqual([]);
  });

  it('O5 a pointer that stands for ten minutes while its queue is empty is found; the run going on resolves it', async () => {
    await bench.start(failing);
    const [message] = bench.services.sent.splice(0);
    bench.services.advance(9 * minute);
    expect(await stuck()).toEqual([]);
    bench.services.advance(2 * minute);
    const [alert] = await stuck();
    expect(alert).toMatchObject({ title: 'SyncAllPeople does not go on', severity: 'critical' });
    expect(alert?.detail).toContain('The queue is empty');
    await bench.work(failing, message);
    expect(await stuck()).toEqual([]);
    for (let run = 0; run < 4; run += 1) await bench.start(failing);
    bench.services.advance(11 * minute);
    expect(await stuck()).toMatchObject([
      { title: '4 runs do not go on', detail: expect.stringContaining('4 messages wait') as string },
    ]);
  });
});
