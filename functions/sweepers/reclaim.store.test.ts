import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  approvedAgent,
  openTestArchive,
  resultOf,
  type TestAgent,
  type TestArchive,
} from '../../test/support/archiveServices.ts';
import { fileSyncs } from '../../test/support/fileSyncs.ts';
import { reclaim } from './reclaim.ts';

const DAY_MS = 24 * 3_600_000;

let archive: TestArchive;
let agent: TestAgent;
beforeAll(async () => {
  archive = await openTestArchive();
  agent = await approvedAgent(archive);
});
beforeEach(async () => {
  for (const table of ['sync_run_files', 'sync_steps', 'sync_runs', 'synced_files'] as const)
    await archive.database.db.deleteFrom(table).execute();
});
afterAll(() => archive.close());

/** A run that archives two files of its own and ends, or does not. */
async function sync(name: string, isClosed = true): Promise<string> {
  const syncs = fileSyncs(archive, agent);
  const run = await syncs.begun();
  const results = [resultOf(`${name}/a.dat`), resultOf(`${name}/b.dat`)];
  await syncs.send(run, results, isClosed ? {} : undefined);
  return run.runId;
}

const count = async (table: 'sync_run_files' | 'sync_runs' | 'synced_files'): Promise<number> => {
  const rows = archive.database.db.selectFrom(table).select((eb) => eb.fn.countAll<number>().as('rows'));
  return (await rows.executeTakeFirstOrThrow()).rows;
};
const reclaimAt = (fileDays: number, runDays: number, dryRun = false) =>
  reclaim(archive.database, { fileDays, runDays, dryRun, now: archive.services.now() });

it('S4 B35 takes the files of old runs and old runs; what is archived, the totals and the newest good run stay', async () => {
  const oldest = await sync('oldest');
  archive.services.advance(20 * DAY_MS);
  const newer = await sync('newer');
  archive.services.advance(20 * DAY_MS);
  const newest = await sync('newest');
  const live = await sync('live', false);

  expect(await reclaimAt(7, 30, true)).toMatchObject({ runFiles: 4, runs: 1 });
  expect([await count('sync_run_files'), await count('sync_runs')]).toEqual([8, 4]);

  const done = await reclaimAt(7, 30);
  expect(done).toMatchObject({ runFiles: 4, runs: 1 });
  expect(done.bytesAfter).toBeGreaterThan(0);
  const runs = await archive.database.db
    .selectFrom('sync_runs')
    .select(['id', 'files_archived'])
    .orderBy('started_at')
    .orderBy('id')
    .execute();
  expect(runs.map(({ id }) => id)).not.toContain(oldest);
  expect(new Set(runs.map(({ id }) => id))).toEqual(new Set([newer, newest, live]));
  expect(runs.every((run) => run.files_archived === 2)).toBe(true);
  expect(await count('sync_run_files')).toBe(4);
  expect(await count('synced_files')).toBe(8);

  expect(await reclaimAt(7, 30)).toMatchObject({ runFiles: 0, runs: 0 });
});

it('S4 touches no run that is live, however little is to be kept', async () => {
  const live = await sync('live', false);
  archive.services.advance(DAY_MS);
  expect(await reclaimAt(0, 0)).toMatchObject({ runFiles: 0, runs: 0 });
  expect(await count('sync_run_files')).toBe(2);
  expect((await fileSyncs(archive, agent).runRow(live)).status).toBe('running');
});
