import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { json } from '../database/index.ts';
import { createIdSource } from '../ids.ts';
import {
  closeRun,
  endRun,
  lockRun,
  reviveRun,
  stepsOf,
  type StepsAsLeft,
  type StepWrite,
  writeStep,
  writeSteps,
  writeStepsAfter,
} from './index.ts';

let database: TestDatabase;
const newId = createIdSource(Date.now);
const at = (minute: number) => ({ at: new Date(Date.UTC(2026, 10, 22, 12, minute)), newId });

beforeAll(async () => {
  database = await openTestDatabase();
  await database.db
    .insertInto('organizations')
    .values({ id: 'org', name: 'Org', created_at: at(0).at })
    .execute();
});
afterAll(() => database.close());

async function newRun(id: string) {
  const zeroes = { files_examined: 0, files_needed: 0, files_archived: 0, files_skipped: 0, files_failed: 0 };
  await database.db
    .insertInto('sync_runs')
    .values({
      id,
      organization_id: 'org',
      sync_type: 'file_sync',
      job_id: null,
      runner_id: null,
      correlation_id: id,
      live_key: `live ${id}`,
      status: 'running',
      status_reason: null,
      trigger_kind: 'agent',
      triggered_by: null,
      generation: 1,
      payload_json: json({}),
      ...zeroes,
      bytes_archived: 0,
      expected_results: null,
      slice: 0,
      lease_token: null,
      lease_until: null,
      next_slice_at: null,
      slice_attempts: 0,
      started_at: at(0).at,
      ended_at: null,
      last_activity_at: at(0).at,
      version: 1,
      created_at: at(0).at,
      updated_at: at(0).at,
    })
    .execute();
  return { id, sync_type: 'file_sync' };
}

const runRow = (id: string) =>
  database.db.selectFrom('sync_runs').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

describe('writeStep', () => {
  it('O3 B13 overwrites the error of an attempt that failed when the next one succeeds', async () => {
    const run = await newRun('errors');
    await writeStep(database.db, run.id, { step: 'upload', kind: 'work', status: 'running' }, at(1));
    await writeStep(
      database.db,
      run.id,
      { step: 'upload', kind: 'work', status: 'failed', error: 'no' },
      at(2),
    );
    await writeStep(database.db, run.id, { step: 'upload', kind: 'work', status: 'running' }, at(3));
    const [step] = await stepsOf(database.db, run);
    expect(step).toMatchObject({ error: null, attempts: 2, status: 'running', completed_at: null, seq: 1 });
    expect(step?.started_at).toEqual(at(1).at);
  });

  it('W1 O3 B32 a step that is complete is not to be repeated, whatever its writer believes', async () => {
    const run = await newRun('believes');
    const complete: StepWrite = { step: 'pay', kind: 'work', status: 'complete', result: { paid: 1 } };
    await writeStep(database.db, run.id, complete, at(1));
    const error: StepWrite = { step: 'pay', kind: 'work', status: 'error', error: 'connection lost' };
    await writeStep(database.db, run.id, error, at(2));
    const [step] = await stepsOf(database.db, run);
    expect(step).toMatchObject({ status: 'complete', error: null, attempts: 1, result_json: { paid: 1 } });
  });

  it('O2 gives seq when a step leaves pending, and keeps it', async () => {
    const run = await newRun('seq');
    await writeSteps(
      database.db,
      run.id,
      [
        { step: 'init', kind: 'init', status: 'complete' },
        { step: 'one', kind: 'work', status: 'pending' },
        { step: 'two', kind: 'work', status: 'pending' },
      ],
      at(1),
    );
    await writeStep(
      database.db,
      run.id,
      { step: 'two', kind: 'work', status: 'running', recordsIn: 5 },
      at(2),
    );
    await writeStep(database.db, run.id, { step: 'one', kind: 'work', status: 'complete' }, at(3));
    await writeStep(
      database.db,
      run.id,
      { step: 'two', kind: 'work', status: 'complete', recordsOut: 4 },
      at(4),
    );
    const steps = await stepsOf(database.db, run);
    expect(steps.map((step) => [step.step, step.seq])).toEqual([
      ['init', 1],
      ['two', 2],
      ['one', 3],
    ]);
    expect(steps[1]).toMatchObject({ records_in: 5, records_out: 4, completed_at: at(4).at });
  });

  it('O3 B11 eight writers of the same steps at once: no error, none lost, no seq twice', async () => {
    const run = await newRun('rivals');
    const names = ['a', 'b', 'c', 'd'];
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let turn = 0; turn < 12; turn += 1) {
        const step = names[(writer + turn) % names.length]!;
        await writeStep(
          database.db,
          run.id,
          { step, kind: 'work', status: turn % 2 === 0 ? 'running' : 'complete', result: { writer, turn } },
          at(turn),
        );
      }
    });
    await Promise.all(writers);
    const steps = await stepsOf(database.db, run);
    expect(steps.map((step) => step.seq)).toEqual([1, 2, 3, 4]);
    expect((await runRow(run.id)).version).toBe(1 + 8 * 12);
  });

  it('O4 stores the effective status with the step: a broken chain is failed at once', async () => {
    const run = await newRun('chain');
    await writeStep(database.db, run.id, { step: 'one', kind: 'work', status: 'complete' }, at(1));
    expect((await runRow(run.id)).status).toBe('running');
    const written = await writeStep(
      database.db,
      run.id,
      { step: 'chain_failed', kind: 'failure', status: 'failed', error: 'chain_break' },
      at(2),
    );
    expect(written.status).toBe('failed');
    expect((await runRow(run.id)).status).toBe('failed');
  });

  it('O3 a write that fails half-way leaves neither step nor status behind', async () => {
    const run = await newRun('atomic');
    const broken = {
      at: at(2).at,
      newId: () => {
        throw new Error('no ids left');
      },
    };
    const fatal = { step: 'fatal', kind: 'failure', status: 'failed' } as const;
    await expect(writeStep(database.db, run.id, fatal, broken)).rejects.toThrow('no ids left');
    expect(await stepsOf(database.db, run)).toEqual([]);
    expect((await runRow(run.id)).status).toBe('running');
  });
});

describe('closeRun', () => {
  it('S14 B7 never closes a run that was written to after the sweeper looked', async () => {
    const run = await newRun('swept');
    const { version } = await runRow(run.id);
    await writeStep(database.db, run.id, { step: 'one', kind: 'work', status: 'running' }, at(1));
    const closure = { runId: run.id, version, status: 'stale', reason: 'no sign of life' } as const;
    expect(await closeRun(database.db, closure, at(2))).toBeUndefined();
    expect((await runRow(run.id)).status).toBe('running');
    const again = { ...closure, version: (await runRow(run.id)).version };
    expect(await closeRun(database.db, again, at(3))).toMatchObject({ status: 'stale', live_key: run.id });
  });

  it('S1 a late writer revives a stale run, and it ends as its steps say', async () => {
    const run = await newRun('revived');
    await writeStep(database.db, run.id, { step: 'one', kind: 'work', status: 'complete' }, at(1));
    const { version } = await runRow(run.id);
    await closeRun(database.db, { runId: run.id, version, status: 'stale', reason: 'silent' }, at(2));
    await database.transaction(async (tx) => {
      await reviveRun(tx, await lockRun(tx, run.id, at(3)), 'job', 'a late writer', at(3));
    });
    expect(await runRow(run.id)).toMatchObject({ status: 'running', live_key: 'job', ended_at: null });
    await database.transaction((tx) => endRun(tx, run.id, { reason: null }, at(4)));
    const ended = await runRow(run.id);
    expect(ended).toMatchObject({ status: 'complete', live_key: run.id, ended_at: at(4).at });
    await database.transaction((tx) => endRun(tx, run.id, { reason: 'again' }, at(5)));
    expect((await runRow(run.id)).ended_at).toEqual(at(4).at);
    const changes = await database.db
      .selectFrom('state_changes')
      .select('new_state')
      .where('subject_id', '=', run.id)
      .orderBy('created_at')
      .execute();
    expect(changes.map((change) => change.new_state)).toEqual(['stale', 'running', 'complete']);
  });
});

describe('a writer that writes again and again', () => {
  const done = (step: string): StepWrite => ({ step, kind: 'work', status: 'complete', recordsIn: 1 });
  const writeAfter = (id: string, steps: readonly StepWrite[], minute: number, left?: StepsAsLeft) =>
    database.transaction(async (tx) =>
      writeStepsAfter(tx, await lockRun(tx, id, at(minute)), steps, at(minute), left),
    );

  it('O3 S14 takes what it left for the steps, and reads them again once somebody else has written', async () => {
    const run = await newRun('left');
    const first = await writeAfter(run.id, [done('one')], 1);
    const second = await writeAfter(run.id, [done('two')], 2, first);
    expect(second.run).toMatchObject({ status: 'running', records_in: 2 });
    const failed: StepWrite = { step: 'three', kind: 'work', status: 'failed', error: 'no', recordsIn: 5 };
    await writeStep(database.db, run.id, failed, at(3));
    const third = await writeAfter(run.id, [done('four')], 4, second);
    expect(third.run).toMatchObject({ status: (await runRow(run.id)).status, records_in: 8 });
    const stored = await stepsOf(database.db, run);
    expect(stored.map(({ step, seq }) => `${step} ${String(seq)}`)).toEqual([
      'one 1',
      'two 2',
      'three 3',
      'four 4',
    ]);
    // What a transaction left that was never committed is no one's to go on from.
    const stale = await writeAfter(run.id, [done('five')], 5, second);
    expect(stale.run.records_in).toBe(9);
  });

  it('O3 keeps cursor and result of a step that it wrote before the last one', async () => {
    const run = await newRun('left whole');
    const first = await writeAfter(run.id, [{ ...done('one'), cursor: { page: 7 }, result: { ok: 1 } }], 1);
    const second = await writeAfter(run.id, [done('two')], 2, first);
    await writeAfter(run.id, [{ step: 'one', kind: 'work', status: 'complete' }], 3, second);
    const [one] = await stepsOf(database.db, run);
    expect(one).toMatchObject({ cursor_json: { page: 7 }, result_json: { ok: 1 }, records_in: 1 });
  });
});
