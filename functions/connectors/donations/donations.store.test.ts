import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ConnectorBench, openConnectorBench, workflowNamed } from '../../../test/support/connectors.ts';
import type { Charge } from '../../../local/third-parties/donations.ts';

const SYNC = 'Sync-donations.donations.getAll';

let connectors: ConnectorBench;
let charges: Charge[];
beforeAll(async () => {
  connectors = await openConnectorBench({ sizes: { donations: 230 } });
  ({ charges } = connectors.server.parties.donations);
});
afterEach(() => connectors.clear());
afterAll(() => connectors.close());

const resultOf = async (runId: string) =>
  (await connectors.bench.run(runId)).result_json as Record<string, unknown>;

describe(SYNC, () => {
  it('W7 goes from cursor to cursor until nothing more follows, and goes on where it was cut', async () => {
    const { server, bench, runOf, held } = connectors;
    server.faults.add({ party: 'donations', kind: 'reset', on: 'starting_after', after: 1 });
    const runId = await runOf(SYNC);
    expect(await bench.run(runId)).toMatchObject({ status: 'complete', records_in: 230, records_out: 230 });
    const cursors = server.seen.map(({ target }) => /starting_after=(\w+)/.exec(target)?.[1]);
    const ids = charges.map(({ id }) => id);
    expect(cursors).toEqual([undefined, ids[99], ids[199], ids[199]]);
    expect(await held('donations', 'donations')).toEqual(ids.map((id) => `${id}: succeeded`).toSorted());
  });

  it('W4 an API that says more follows, and gives nothing, ends the walk with an error', async () => {
    const { donations } = connectors.server.parties;
    const { answer } = donations;
    donations.answer = () => ({ status: 200, body: { object: 'list', data: [], has_more: true } });
    const runId = await connectors.runOf(SYNC);
    donations.answer = answer;
    expect(await connectors.bench.run(runId)).toMatchObject({
      status: 'failed',
      error_tag: 'InternalServerError',
    });
  });
});

describe('ReconcileDonations', () => {
  /** Of what we hold, one is not theirs, one differs; of theirs, one is not held. */
  async function disagree() {
    await connectors.runOf(SYNC);
    const [missing] = charges.splice(3, 1);
    const kept = charges[10]!;
    kept.amount += 100;
    const added = { ...kept, id: 'ch_added' };
    charges.unshift(added);
    return { extra: missing!, different: kept, missing: added };
  }

  it('W7 tells what is missing, extra and different, and changes nothing', async () => {
    const { extra, different, missing } = await disagree();
    const before = await connectors.held('donations', 'donations');
    const result = await resultOf(await connectors.runOf('ReconcileDonations'));
    expect(result).toMatchObject({
      read: 230,
      missing: { count: 1, samples: [{ code: missing.id, record: { amount: missing.amount } }] },
      extra: { count: 1, samples: [{ code: extra.id, record: { amount: extra.amount } }] },
      different: {
        count: 1,
        samples: [
          {
            code: different.id,
            record: { amount: { ours: different.amount - 100, theirs: different.amount } },
          },
        ],
      },
      repaired: 0,
    });
    expect(await connectors.held('donations', 'donations')).toEqual(before);
    expect(await connectors.held('donations-reconcile', 'donations')).toEqual([]);
  });

  it('W7 repairs when it is told to; then nothing differs', async () => {
    const { bench, runOf, held } = connectors;
    const runId = await runOf('ReconcileDonations', { repair: true });
    expect(await resultOf(runId)).toMatchObject({ repaired: 3 });
    expect(await held('donations', 'donations')).toEqual(
      charges.map(({ id }) => `${id}: succeeded`).toSorted(),
    );
    expect(await bench.steps(runId)).toEqual([
      'init: complete',
      ...[
        'read_api',
        'compare',
        'count_ours',
        'repair_missing',
        'repair_extra',
        'repair_different',
        'tidy',
      ].map((step) => `${step}: complete`),
    ]);
    const none = { count: 0, samples: [] };
    const again = await resultOf(await runOf('ReconcileDonations'));
    expect(again).toMatchObject({ missing: none, extra: none, different: none });
  });

  it('O6 B30 a repair from an emptied list takes nothing away', async () => {
    const { server, bench, runOf, held } = connectors;
    const before = await held('donations', 'donations');
    server.faults.add({ party: 'donations', kind: 'emptied', times: 10 });
    const runId = await runOf('ReconcileDonations', { repair: true });
    const run = await bench.run(runId);
    expect(run).toMatchObject({ status: 'failed', error_tag: null });
    expect((run.result_json as { message: string }).message).toContain('Nothing was changed');
    expect(await held('donations', 'donations')).toEqual(before);
  });

  it('W1 what an earlier run left staged is not taken for theirs', async () => {
    const { server, runOf, bench } = connectors;
    server.faults.add({ party: 'donations', kind: 'status', status: 401, on: 'starting_after', times: 1 });
    await runOf('ReconcileDonations');
    const [first] = charges.splice(0, 1);
    const runId = await runOf('ReconcileDonations');
    expect(await resultOf(runId)).toMatchObject({ extra: { count: 1, samples: [{ code: first?.id }] } });
    expect(await bench.run(runId)).toMatchObject({ status: 'complete' });
  });

  const REPAIR = { repair: true, acceptFall: true };

  it('W2 B33 a comparison that is retried after another of them has passed repairs nothing with what is left of it', async () => {
    const { server, bench, runOf, held } = connectors;
    await runOf(SYNC);
    const before = await held('donations', 'donations');
    server.faults.add({ party: 'donations', kind: 'status', status: 401, on: 'starting_after' });
    const failed = await runOf('ReconcileDonations', REPAIR);
    bench.services.advance(60_000);
    await runOf('ReconcileDonations');
    await bench.retry(workflowNamed('ReconcileDonations'), failed);
    expect(await held('donations', 'donations')).toEqual(before);
    const said = expect.stringContaining('start it anew') as string;
    expect(await bench.run(failed)).toMatchObject({ status: 'failed', status_reason: said });
  });

  it('W2 B33 nor does a repair that had compared, and fell silent before another passed', async () => {
    const { bench, runOf, held } = connectors;
    bench.services.advance(120_000);
    const silent = await runOf('ReconcileDonations', REPAIR);
    const before = await held('donations', 'donations');
    const closed = { status: 'stale', live_key: silent } as const;
    await bench.database.db.updateTable('sync_runs').set(closed).where('id', '=', silent).execute();
    await bench.database.db
      .updateTable('sync_steps')
      .set({ status: 'pending', cursor_json: null })
      .where('run_id', '=', silent)
      .where('step', 'in', ['repair_missing', 'repair_extra', 'repair_different', 'tidy'])
      .execute();
    bench.services.advance(60_000);
    await runOf('ReconcileDonations');
    await bench.retry(workflowNamed('ReconcileDonations'), silent);
    expect(await held('donations', 'donations')).toEqual(before);
    expect(await bench.run(silent)).toMatchObject({ status: 'failed' });
  });
});
