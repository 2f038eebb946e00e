import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { testServices, type TestServices } from '../../test/support/services.ts';
import { type Db, json } from '../platform/database/index.ts';
import { closeRun, writeContext } from '../platform/runs/index.ts';
import { DISPATCH_GRACE_MS, dispatchOverdueSlices } from './dispatch.ts';
import { cursorWork } from './cursorWork.ts';
import { MAX_SLICE_ATTEMPTS } from './retryPolicy.ts';
import type { SlicedWork } from './slice.ts';
import { workOnSlice } from './worker.ts';

let database: TestDatabase;
let services: TestServices;
let runId: string;

beforeAll(async () => {
  database = await openTestDatabase();
  const created_at = new Date();
  await database.db.insertInto('organizations').values({ id: 'org', name: 'Org', created_at }).execute();
});
afterAll(() => database.close());

beforeEach(async () => {
  services = testServices({ database });
  runId = `count-${services.newId()}`;
  await insertRun(runId);
});

async function insertRun(id: string): Promise<void> {
  const now = services.now();
  await database.db
    .insertInto('sync_runs')
    .values({
      id,
      organization_id: 'org',
      sync_type: 'count',
      correlation_id: id,
      live_key: id,
      status: 'running',
      trigger_kind: 'manual',
      payload_json: json({ upTo: 3 }),
      files_examined: 0,
      files_needed: 0,
      files_archived: 0,
      files_skipped: 0,
      files_failed: 0,
      bytes_archived: 0,
      slice: 0,
      slice_attempts: 0,
      next_slice_at: now,
      started_at: now,
      last_activity_at: now,
      version: 1,
      created_at: now,
      updated_at: now,
    })
    .execute();
}

/** Counts to three, a step a slice; each step is a row, so that a step done twice or never would show. */
function counting(onSlice: (slice: number) => Promise<void> | void = () => undefined): SlicedWork {
  return cursorWork({
    syncType: 'count',
    runSlice: async ({ run }, cursor) => {
      await onSlice(run.slice);
      const done = Number(cursor ?? 0) + 1;
      const progress = { recordsIn: done, recordsOut: done, result: { done } };
      const apply = (tx: Db): Promise<void> => note(tx, done);
      if (done < 3) return { kind: 'continue', cursor: done, progress, apply };
      return { kind: 'finished', status: 'complete', reason: null, result: { done }, progress, apply };
    },
  });
}

async function note(tx: Db, step: number): Promise<void> {
  await tx
    .insertInto('state_changes')
    .values({
      id: services.newId(),
      organization_id: 'org',
      subject_type: 'count',
      subject_id: runId,
      new_state: String(step),
      reason: 'counted',
      created_at: services.now(),
    })
    .execute();
}

async function counted(): Promise<string[]> {
  const rows = await database.db
    .selectFrom('state_changes')
    .select('new_state')
    .where('subject_type', '=', 'count')
    .where('subject_id', '=', runId)
    .orderBy('new_state')
    .execute();
  return rows.map((row) => row.new_state);
}

const storedRun = () =>
  database.db.selectFrom('sync_runs').selectAll().where('id', '=', runId).executeTakeFirstOrThrow();

async function workThrough(work: SlicedWork): Promise<string[]> {
  const verdicts = [await workOnSlice([work], { runId, slice: 0 }, services)];
  for (let message = services.sent.shift(); message !== undefined; message = services.sent.shift()) {
    verdicts.push(await workOnSlice([work], message, services));
  }
  return verdicts;
}

describe('workOnSlice', () => {
  it('W1 carries a run from slice to slice and ends it, with its figures on the step', async () => {
    expect(await workThrough(counting())).toEqual(['continued', 'continued', 'finished']);
    expect(await counted()).toEqual(['1', '2', '3']);
    expect(await storedRun()).toMatchObject({
      status: 'complete',
      slice: 2,
      next_slice_at: null,
      result_json: { done: 3 },
    });
    const step = await database.db
      .selectFrom('sync_steps')
      .selectAll()
      .where('run_id', '=', runId)
      .executeTakeFirst();
    expect(step).toMatchObject({ status: 'complete', records_in: 3, records_out: 3, error: null });
  });

  it('W1 B32 acknowledges a message that comes twice or late without effect', async () => {
    await workOnSlice([counting()], { runId, slice: 0 }, services);
    expect(await workOnSlice([counting()], { runId, slice: 0 }, services)).toBe('stale');
    expect(await workOnSlice([counting()], { runId, slice: 7 }, services)).toBe('stale');
    expect(await counted()).toEqual(['1']);
  });

  it('W1 B32 lets one of many instances work on a slice', async () => {
    const message = { runId, slice: 0 };
    const verdicts = await Promise.all(
      Array.from({ length: 8 }, () => workOnSlice([counting()], message, services)),
    );
    expect(verdicts.filter((verdict) => verdict === 'continued')).toHaveLength(1);
    expect(await counted()).toEqual(['1']);
  });

  it('W1 B1 stores nothing for a worker whose lease was taken over while it paused', async () => {
    let rival: string | undefined;
    const paused = counting(async () => {
      await database.db
        .updateTable('sync_runs')
        .set({ lease_until: new Date(0) })
        .where('id', '=', runId)
        .execute();
      rival = await workOnSlice([counting()], { runId, slice: 0 }, services);
    });
    expect(await workOnSlice([paused], { runId, slice: 0 }, services)).toBe('lease_lost');
    expect(rival).toBe('continued');
    expect(await storedRun()).toMatchObject({ slice: 1 });
    expect(await counted()).toEqual(['1']);
  });

  it('W2 refuses the result of a run that was terminated meanwhile', async () => {
    const terminated = counting(async () => {
      const { version } = await storedRun();
      const closure = { runId, version, status: 'terminated', reason: 'an operator said so' } as const;
      await closeRun(database.db, closure, writeContext(services));
    });
    expect(await workOnSlice([terminated], { runId, slice: 0 }, services)).toBe('lease_lost');
    expect(await storedRun()).toMatchObject({ status: 'terminated', slice: 0 });
    expect(
      await database.db.selectFrom('sync_steps').select('step').where('run_id', '=', runId).execute(),
    ).toEqual([]);
  });

  it('W1 repeats a slice that failed, later each time, and fails the run in the end', async () => {
    const broken = counting(() => {
      throw new Error('the share is on fire');
    });
    const message = { runId, slice: 0 };
    for (let attempt = 1; attempt < MAX_SLICE_ATTEMPTS; attempt += 1) {
      expect(await workOnSlice([broken], message, services)).toBe('retry_later');
      expect(await workOnSlice([broken], message, services)).toBe('stale'); // a message that comes too early
      services.advance(5 * 60_000);
    }
    expect(await workOnSlice([broken], message, services)).toBe('finished');
    expect(await storedRun()).toMatchObject({ status: 'failed', status_reason: 'the share is on fire' });
  });

  it('B13 keeps no error of a slice that succeeded when it was repeated', async () => {
    let first = true;
    const flaky = counting(() => {
      if (first) {
        first = false;
        throw new Error('once');
      }
    });
    expect(await workOnSlice([flaky], { runId, slice: 0 }, services)).toBe('retry_later');
    services.sent.length = 0;
    services.advance(5000);
    await workThrough(flaky);
    const step = await database.db
      .selectFrom('sync_steps')
      .selectAll()
      .where('run_id', '=', runId)
      .executeTakeFirst();
    expect(step).toMatchObject({ status: 'complete', error: null });
  });
});

describe('dispatchOverdueSlices', () => {
  it('W1 sends again what a lost message left behind, and nothing that is not overdue', async () => {
    await workOnSlice([counting()], { runId, slice: 0 }, services);
    services.sent.length = 0; // the message is lost
    expect(await dispatchOverdueSlices(services)).toEqual({ examined: 0, changed: 0 });
    services.advance(DISPATCH_GRACE_MS + 1000);
    await dispatchOverdueSlices(services);
    expect(services.sent).toContainEqual({ runId, slice: 1 });
  });

  it('W1 wakes a run whose worker died with the lease, once the lease has run out', async () => {
    const dead = testServices({ database, settings: { SLICE_LEASE_SECONDS: 1 } });
    const dying: SlicedWork = { syncType: 'count', runSlice: () => new Promise(() => undefined) };
    workOnSlice([dying], { runId, slice: 0 }, dead).catch(() => undefined); // it never ends
    await expect.poll(async () => (await storedRun()).lease_token).not.toBeNull();
    services.advance(DISPATCH_GRACE_MS + 60_000);
    await dispatchOverdueSlices(services);
    expect(services.sent).not.toContainEqual({ runId, slice: 0 });
    await expect
      .poll(async () => {
        await dispatchOverdueSlices(services);
        return services.sent;
      })
      .toContainEqual({ runId, slice: 0 });
    services.sent.length = 0;
    expect(await workThrough(counting())).toEqual(['continued', 'continued', 'finished']);
  });

  /** So many runs beside the one of the test, and no others, are overdue. */
  async function overdueBeside(count: number): Promise<void> {
    await database.db
      .updateTable('sync_runs')
      .set({ next_slice_at: null })
      .where('id', '<>', runId)
      .execute();
    for (let more = 0; more < count; more += 1) await insertRun(`count-${services.newId()}`);
    services.advance(DISPATCH_GRACE_MS + 1000);
  }

  it('S14 O5 while the queue is away a tick asks it once more and ends; when it is back the next sends them all', async () => {
    await overdueBeside(5);
    const { send, ping } = services.slices;
    let asked = 0;
    const away = async (): Promise<never> => {
      asked += 1;
      services.advance(15_000);
      throw new Error('ECONNREFUSED');
    };
    Object.assign(services.slices, { send: away, ping: away });
    expect(await dispatchOverdueSlices(services)).toEqual({ examined: 6, changed: 0 });
    expect(asked).toBe(2);
    Object.assign(services.slices, { send, ping });
    expect(await dispatchOverdueSlices(services)).toEqual({ examined: 6, changed: 6 });
    expect(services.sent).toHaveLength(6);
  });

  it('S14 O5 a queue that answers and takes nothing costs a tick no more than its budget', async () => {
    await overdueBeside(5);
    const startedAt = services.now().getTime();
    const { send } = services.slices;
    const stuck = async (): Promise<never> => {
      services.advance(15_000);
      throw new Error('timed out');
    };
    Object.assign(services.slices, { send: stuck });
    await dispatchOverdueSlices(services);
    expect(services.now().getTime() - startedAt).toBeLessThan(60_000);
    Object.assign(services.slices, { send });
    expect(await dispatchOverdueSlices(services)).toMatchObject({ changed: 6 });
  });
});
