import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { reconcileWork } from '../../functions/archive/index.ts';
import { dispatchOverdueSlices, workOnSlice } from '../../functions/workflows/index.ts';
import { DISPATCH_GRACE_MS } from '../../functions/workflows/dispatch.ts';
import {
  archive,
  begin,
  type Bench,
  type BenchJob,
  deliverAll,
  digests,
  indexOf,
  loseIndex,
  openBench,
  pathsIn,
  putFile,
  reconciled,
  removeFile,
  removeFolder,
  runOf,
  sealDigests,
  withListing,
  withTinySlices,
} from '../support/reconciling.ts';

let bench: Bench;
let job: BenchJob;

beforeAll(async () => {
  bench = await openBench();
});
beforeEach(async () => {
  job = await bench.newJob();
});
// Rows without a hash would be in the way of the next test's.
afterEach(() => loseIndex(job));
afterAll(() => bench.close());

const tree = [
  '2026-11-20/a.dat',
  '2026-11-20/b.dat',
  '2026-11-21/a.dat',
  '2026-11-22/deep/er/c.dat',
  'top.dat',
];

describe('a sync at the same time', () => {
  /** Archives `paths` after the listing of `directory` was taken and before the reconcile has seen it. */
  function archivingDuring(directory: string, paths: readonly string[]): BenchJob {
    let done = false;
    return withListing(job, async (list, listed) => {
      const page = await list();
      if (listed !== directory || done) return page;
      done = true;
      await archive(job, paths);
      return page;
    });
  }

  it('F9 B7 what it archives behind the walk’s back is not removed, and keeps its hash', async () => {
    await archive(job, tree);
    await removeFile(job, '2026-11-20/a.dat');
    const meanwhile = ['2026-11-20/new.dat', '2026-11-23/new.dat', 'new.dat'];
    for (const directory of ['', '2026-11-20']) {
      const busy = archivingDuring(directory, meanwhile);
      const { status, totals } = await reconciled(busy, { removeMissing: true });
      expect({ status, missing: totals.missing }).toEqual({
        status: 'complete',
        missing: directory === '' ? 1 : 0,
      });
    }
    const rows = await indexOf(job);
    expect(rows.map((row) => row.path)).toEqual(
      [...tree.filter((path) => path !== '2026-11-20/a.dat'), ...meanwhile].toSorted(),
    );
    expect(rows.filter((row) => row.checksum === null)).toEqual([]);
  });

  it('F9 a file that comes back while rows are removed keeps its row', async () => {
    await archive(job, tree);
    await removeFile(job, '2026-11-20/a.dat');
    let looks = 0;
    const busy = withListing(job, async (list, directory) => {
      const page = await list();
      if (directory === '2026-11-20' && ++looks === 2) await archive(job, ['2026-11-20/a.dat']);
      return page;
    });
    await reconciled(busy, { removeMissing: true });
    expect(looks).toBe(2);
    expect(await pathsIn(job)).toEqual(tree);
  });

  it('F9 a digest that was on its way when a row went is not recorded', async () => {
    await archive(job, tree);
    await sealDigests(job, ['2026-11-20']);
    await removeFile(job, '2026-11-20/a.dat');
    await reconciled(job, { removeMissing: true });
    await sealDigests(job, ['2026-11-20']); // computed at generation 0
    expect(await digests(job)).toMatchObject({ '2026-11-20': 'none 1' });
  });
});

describe('a share that lost its files', () => {
  it('F9 B30 is refused when half of the index is not met, and removed from when a person says so', async () => {
    await archive(job, tree);
    for (const path of tree.slice(0, 4)) await removeFile(job, path);
    const refused = await reconciled(job, { removeMissing: true });
    expect(refused).toMatchObject({ status: 'failed', totals: { missing: 4, removed: 0 } });
    expect(refused.reason).toContain('nothing was removed');
    expect(await pathsIn(job)).toEqual(tree);
    const allowed = await reconciled(job, { removeMissing: true, allowEmptyShare: true });
    expect(allowed).toMatchObject({ status: 'complete', totals: { missing: 4, removed: 4 } });
    expect(await pathsIn(job)).toEqual(['top.dat']);
  });

  it('F9 B30 while rows are being removed stops the removal', async () => {
    await archive(job, tree);
    await removeFile(job, '2026-11-20/a.dat');
    let looks = 0;
    const busy = withListing(job, async (list, directory) => {
      if (directory === '2026-11-20' && ++looks === 2) await removeFile(job, '2026-11-20/b.dat');
      return list();
    });
    const stopped = await reconciled(busy, { removeMissing: true });
    expect(stopped).toMatchObject({ status: 'failed', totals: { removed: 0 } });
    expect(stopped.reason).toContain('losing files');
    expect(await pathsIn(job)).toEqual(tree);
  });

  it('F9 B12 a share that is gone fails the run in the end and says so; the index stays', async () => {
    await archive(job, tree);
    const { runId } = await begin(job, { removeMissing: true });
    await job.share.delete();
    const verdicts = await deliverAll(job.services);
    expect(verdicts).toEqual(['retry_later', 'retry_later', 'retry_later', 'retry_later', 'finished']);
    const run = bench.database.db.selectFrom('sync_runs').selectAll().where('id', '=', runId);
    expect(await run.executeTakeFirstOrThrow()).toMatchObject({
      status: 'failed',
      status_reason: expect.stringContaining(job.share.name) as string,
    });
    expect(await pathsIn(job)).toEqual(tree);
  });
});

describe('a worker that dies', () => {
  /** What a reconcile nobody disturbs makes of the same share and index. */
  async function disturbed(play: (sliced: BenchJob, runId: string) => Promise<void>): Promise<void> {
    await archive(job, [...tree, 'gone/1.dat']);
    await sealDigests(job, ['2026-11-20', '2026-11-21']);
    await removeFile(job, '2026-11-20/a.dat');
    await removeFolder(job, 'gone');
    await putFile(job, '2026-11-21/new.dat');
    const sliced = withTinySlices(job);
    const { runId } = await begin(sliced, { removeMissing: true });
    await play(sliced, runId);
    const { status, totals, slices } = await runOf(job, runId);
    expect({ status, totals }).toEqual({
      status: 'complete',
      totals: {
        directories: 6,
        transactions: 9,
        filesListed: 5,
        whole: 5,
        notWhole: 0,
        added: 1,
        replaced: 0,
        refreshed: 0,
        unchanged: 4,
        missing: 2,
        removed: 2,
      },
    });
    expect(slices).toBe(8);
    expect(await pathsIn(job)).toEqual(
      [...tree.filter((path) => path !== '2026-11-20/a.dat'), '2026-11-21/new.dat'].toSorted(),
    );
    expect(await digests(job)).toMatchObject({
      '2026-11-20': 'none 1',
      '2026-11-21': 'known 0',
      gone: 'none 1',
    });
  }

  const isOver = async (runId: string): Promise<boolean> => {
    const run = bench.database.db.selectFrom('sync_runs').select('status').where('id', '=', runId);
    return (await run.executeTakeFirstOrThrow()).status !== 'running';
  };

  it('W1 between any two slices: the dispatch sweeper goes on where it stopped', async () => {
    await disturbed(async ({ services }, runId) => {
      while (!(await isOver(runId))) {
        services.sent.length = 0; // lost with the worker
        job.services.advance(DISPATCH_GRACE_MS + 1000);
        await dispatchOverdueSlices(services);
        const message = services.sent.find((sent) => sent.runId === runId);
        if (message !== undefined) await workOnSlice([reconcileWork], message, services);
      }
    });
  });

  it('W1 B1 within any slice: another takes its lease over, and what the first one found late is refused', async () => {
    await disturbed(async (sliced, runId) => {
      const late: Promise<string>[] = [];
      const released = Promise.withResolvers<undefined>();
      for (let slice = 0; !(await isOver(runId)); slice += 1) {
        const hint = { runId, slice };
        const reached = Promise.withResolvers<undefined>();
        const hanging = withListing(sliced, async (list) => {
          const page = await list();
          reached.resolve(undefined);
          await released.promise;
          return page;
        });
        // Slices without a listing end before they can hang.
        const first = workOnSlice([reconcileWork], hint, hanging.services);
        const outcome = await Promise.race([first, reached.promise]);
        if (outcome !== undefined) continue;
        late.push(first);
        // What the hanging one does beside its listing may prolong the lease once more.
        const takeOver = async () => {
          await expireLease(runId);
          return await workOnSlice([reconcileWork], hint, sliced.services);
        };
        await expect.poll(takeOver).not.toBe('stale');
      }
      released.resolve(undefined);
      expect(late).toHaveLength(7);
      expect(new Set(await Promise.all(late))).toEqual(new Set(['lease_lost']));
    });
  });

  it('W1 B32 is one of two that work at once on every slice, each message twice', async () => {
    await disturbed(async ({ services }, runId) => {
      while (!(await isOver(runId))) {
        const message = services.sent.shift();
        if (message === undefined) throw new Error('the run goes on and no message is left');
        const twice = [message, message].map((each) => workOnSlice([reconcileWork], each, services));
        const verdicts = await Promise.all(twice);
        expect(verdicts.filter((verdict) => verdict === 'stale').length).toBeGreaterThan(0);
      }
    });
  });

  async function expireLease(runId: string): Promise<void> {
    const past = new Date(Date.now() - 3_600_000);
    await bench.database.db
      .updateTable('sync_runs')
      .set({ lease_until: past })
      .where('id', '=', runId)
      .execute();
  }
});
