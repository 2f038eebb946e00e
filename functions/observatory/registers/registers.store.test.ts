import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openWorkflowBench, type WorkflowBench } from '../../../test/support/workflows.ts';
import { writeContext } from '../../platform/runs/index.ts';
import type { Workflow } from '../../workflows/index.ts';
import { closeWalks } from './closeWalk.ts';
import { readRegisterCursor, writeRegisterCursor } from './cursors.ts';
import { registerCycle } from './cycle.ts';
import { writeSnapshot } from './snapshot.ts';
import { storeEntities, type StoreScope } from './storeEntities.ts';
import { type SeenRow, storeRows } from './storing.ts';
import { checkFeed, volumeBaselines } from './volumeCheck.ts';

let bench: WorkflowBench;
beforeAll(async () => {
  bench = await openWorkflowBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  bench.renew();
  const { db } = bench.database;
  for (const table of ['change_events', 'register_entities', 'register_cursors', 'sentinel_log'] as const)
    await db.deleteFrom(table).execute();
});

const scopeOf = (runId: string, more: Partial<StoreScope> = {}): StoreScope => ({
  organizationId: 'org',
  register: 'tga',
  entityType: 'qualification',
  runId,
  recordChanges: true,
  ...more,
});

const store = (scope: StoreScope, rows: Parameters<typeof storeEntities>[2]) =>
  bench.database.transaction((tx) => storeEntities(tx, scope, rows, writeContext(bench.services)));

async function events(runId?: string): Promise<string[]> {
  const rows = await bench.database.db.selectFrom('change_events').selectAll().orderBy('id').execute();
  return rows
    .filter((row) => runId === undefined || row.run_id === runId)
    .map(({ event_type, entity_code, old_value, new_value }) =>
      [event_type, entity_code, old_value, new_value].join(' '),
    );
}

const entities = () =>
  bench.database.db.selectFrom('register_entities').selectAll().orderBy('code').execute();

describe('what a register says is stored', () => {
  it('O7 with its changes in the same transaction, and the same answer again changes nothing', async () => {
    const rows = [
      { code: 'A', title: 'Alpha', status: 'Current', supersededBy: null, attributes: { release: '1' } },
      { code: 'B', title: 'Beta', status: 'Current', supersededBy: null, attributes: { release: '1' } },
    ];
    expect(await store(scopeOf('r1'), rows)).toBe(2);
    const [before] = await entities();
    bench.services.advance(1000);
    expect(await store(scopeOf('r2'), rows)).toBe(0);
    const [after] = await entities();
    expect(after).toEqual({ ...before, seen_run_id: 'r2' });
    expect(
      await store(scopeOf('r3'), [
        { ...rows[0], code: 'A', status: 'Superseded', supersededBy: 'C', attributes: { release: '2' } },
      ]),
    ).toBe(1);
    expect(await events()).toEqual([
      'appeared A  Current',
      'appeared B  Current',
      'status_changed A Current Superseded',
      'superseded A A C',
      'new_release A 1 2',
    ]);
  });

  it('O7 the first inventory of a register is no change', async () => {
    expect(await store(scopeOf('r1', { recordChanges: false }), [{ code: 'A' }, { code: 'B' }])).toBe(2);
    expect(await events()).toEqual([]);
  });

  it('O9 details are kept when a list without them comes, and date the last refresh', async () => {
    await store(scopeOf('r1'), [{ code: 'A', status: 'Current', attributes: { release: '1' } }]);
    await store(scopeOf('r2', { areDetails: true }), [{ code: 'A', attributes: { sector: 'Business' } }]);
    await store(scopeOf('r3'), [{ code: 'A', status: 'Current', attributes: { release: '1' } }]);
    const [row] = await entities();
    expect(row).toMatchObject({
      attributes_json: { release: '1', sector: 'Business' },
      refreshed_at: bench.services.now(),
      seen_run_id: 'r3',
    });
    expect(await events()).toEqual(['appeared A  Current']);
  });

  it('O9 B54 of two rows with one code the later counts, rows without a usable code are left out, and foreign text is kept', async () => {
    const rows = [
      { code: 'A', status: 'one' },
      { code: '', status: 'none' },
      { code: 'x'.repeat(151) },
      { code: 'A', status: 'two', title: 'ẞ\u0000 "quoted" \\ 😀', attributes: { note: 'a\u0000b' } },
    ];
    expect(await store(scopeOf('r1'), rows)).toBe(1);
    expect(await store(scopeOf('r2'), rows)).toBe(0);
    expect(await entities()).toMatchObject([
      { code: 'A', status: 'two', title: 'ẞ\uFFFD "quoted" \\ 😀', attributes_json: { note: 'a\uFFFDb' } },
    ]);
  });

  it('O7 B32 two runs that store the same entities take turns, and the change is told once', async () => {
    await store(scopeOf('r1', { recordChanges: false }), [{ code: 'A', status: 'Current' }]);
    const change = [{ code: 'A', status: 'Superseded' }];
    const changed = await Promise.all(['r2', 'r3', 'r4'].map((runId) => store(scopeOf(runId), change)));
    expect(changed.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(await events()).toEqual(['status_changed A Current Superseded']);
  });

  it('O9 cursors are kept from cycle to cycle', async () => {
    const cursor = { organizationId: 'org', register: 'tga', name: 'sync_orgs' };
    const { db } = bench.database;
    expect(await readRegisterCursor(db, cursor)).toBeUndefined();
    for (const since of ['2026-01-01', '2026-02-01'])
      await writeRegisterCursor(db, { ...cursor, runId: 'r1' }, { since }, writeContext(bench.services));
    expect(await readRegisterCursor(db, cursor)).toEqual({ since: '2026-02-01' });
  });
});

/** A register of one kind, and a cycle that walks all of it. */
function cycleOver(feed: () => readonly string[], total = () => feed().length): Workflow {
  const target = { name: 'courses', entityTypes: ['course'] };
  const workflow: Workflow<{ acceptFall: boolean }> = {
    name: 'test_sync',
    summary: 'Walks a register.',
    payload: z.object({ acceptFall: z.boolean().default(false) }),
    exclusive: true,
    expectedMinutes: 60,
    needs: [],
    run: async (context, payload) => {
      await context.seed(['ingest_courses', 'close_walks', 'write_snapshot']);
      const cycle = registerCycle(context, 'test', payload);
      const { recordChanges } = await volumeBaselines(cycle, [target]);
      await context.pages<SeenRow, number>(
        'ingest_courses',
        {
          first: 0,
          fetch: async (offset) => {
            if (offset === 0) await checkFeed(cycle, target, total());
            const codes = feed().slice(offset, offset + 4);
            const next = offset + 4 < feed().length ? offset + 4 : null;
            return { rows: codes.map((code) => ({ code, entityType: 'course', status: 'Active' })), next };
          },
          apply: (rows, tx, write) => storeRows(tx, cycle, rows, { recordChanges }, write),
        },
        { phase: true },
      );
      await closeWalks(cycle, [target]);
      return await writeSnapshot(cycle, [target]);
    },
  };
  return workflow;
}

async function runCycle(workflow: Workflow, payload: unknown = {}): Promise<string> {
  bench.services.advance(60_000);
  const runId = await bench.start(workflow, payload);
  await bench.workAll(workflow);
  return runId;
}

const verdicts = async (runId: string) => {
  const rows = await bench.database.db
    .selectFrom('sentinel_log')
    .selectAll()
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows
    .filter((row) => row.run_id === runId)
    .map(({ target, previous_total, live_total, verdict }) =>
      [target, previous_total, live_total, verdict].join(' '),
    );
};

const live = async () => (await entities()).filter((row) => row.gone_at === null).map(({ code }) => code);

describe('a full walk over a register', () => {
  const all = Array.from({ length: 10 }, (_, index) => `c${String(index)}`);
  let feed: readonly string[] = all;
  let total: (() => number) | undefined;
  const workflow = cycleOver(
    () => feed,
    () => total?.() ?? feed.length,
  );
  beforeEach(async () => {
    feed = all;
    total = undefined;
    await bench.database.db.deleteFrom('sync_steps').execute();
    await bench.database.db.deleteFrom('sync_runs').execute();
  });

  it('O7 tells what disappeared and what came back; the first cycle that comes to its end tells nothing', async () => {
    const first = await runCycle(workflow);
    expect(await bench.run(first)).toMatchObject({ status: 'complete', records_in: 10, records_out: 10 });
    expect(await events()).toEqual([]);
    feed = all.slice(1);
    const second = await runCycle(workflow);
    // What is taken away was read from nowhere.
    expect(await bench.run(second)).toMatchObject({ records_in: 9 });
    feed = [...all, 'new'];
    const third = await runCycle(workflow);
    expect(await events(second)).toEqual(['disappeared c0 Active ']);
    expect(await events(third)).toEqual(['reappeared c0  Active', 'appeared new  Active']);
    expect(await verdicts(third)).toEqual([
      'courses 9 9 ok',
      'courses  11 first',
      'courses:feed 9 11 ok',
      'courses:seen 11 11 ok',
    ]);
  });

  it('O6 B30 an emptied feed stops the cycle before anything is deleted, and a retry goes on when it is full again', async () => {
    await runCycle(workflow);
    feed = all.slice(0, 2);
    const stopped = await runCycle(workflow);
    const run = await bench.run(stopped);
    expect(run).toMatchObject({ status: 'failed', error_tag: null });
    expect(run.status_reason).toContain('a fall of 80 %');
    expect(await live()).toEqual(all);
    expect(await events()).toEqual([]);
    expect(await verdicts(stopped)).toEqual(['courses 10 10 ok', 'courses:feed 10 2 stopped']);
    feed = all;
    await bench.retry(workflow, stopped);
    expect(await bench.run(stopped)).toMatchObject({ status: 'complete' });
    expect(await verdicts(stopped)).toContain('courses:feed 10 10 ok');
  });

  it('O6 B30 a feed that claims more than it gives is stopped before the first disappearance', async () => {
    await runCycle(workflow);
    feed = all.slice(0, 5);
    total = () => 10;
    const stopped = await runCycle(workflow);
    expect(await bench.run(stopped)).toMatchObject({ status: 'failed' });
    expect(await live()).toEqual(all);
    expect(await verdicts(stopped)).toContain('courses:seen 10 5 stopped');
  });

  it('O6 our own table is watched too: rows that were lost stop the cycle', async () => {
    await runCycle(workflow);
    await bench.database.db.deleteFrom('register_entities').where('code', '<', 'c5').execute();
    const stopped = await runCycle(workflow);
    expect(await bench.steps(stopped)).toEqual([
      'init: complete',
      'volume_check_courses: complete',
      'fatal: failed',
      'close_walks: pending',
      'ingest_courses: pending',
      'write_snapshot: pending',
    ]);
    expect(await verdicts(stopped)).toEqual(['courses 10 5 stopped']);
  });

  it('O6 a register that did shrink is accepted by a person, and the next cycle starts from there', async () => {
    await runCycle(workflow);
    feed = all.slice(0, 2);
    const accepted = await runCycle(workflow, { acceptFall: true });
    expect(await events(accepted)).toHaveLength(8);
    expect(await live()).toEqual(['c0', 'c1']);
    expect(await bench.run(await runCycle(workflow))).toMatchObject({ status: 'complete' });
  });
});
