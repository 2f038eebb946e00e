import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { approvedAgent, openTestArchive, type TestArchive } from '../support/archiveServices.ts';
import { openDatabase } from '../../functions/platform/database/index.ts';
import { archivedTotals } from '../../functions/observatory/archivedTotals.ts';

let archive: TestArchive;
let jobId: string;
beforeAll(async () => {
  archive = await openTestArchive();
  ({ jobId } = await approvedAgent(archive));
});
afterAll(async () => {
  vi.restoreAllMocks();
  await archive.close();
});

const total = async () =>
  (await archivedTotals(archive.services)({ organizationId: archive.organizationId })).get(jobId)?.files ?? 0;

/** Rows made by the database: only their number and sizes count here. */
async function addFiles(from: number, to: number): Promise<void> {
  const database = await openDatabase({ url: archive.database.url, poolMax: 1 });
  const key = sql`sha256(cast(cast(i as text) as bytea))`;
  await sql`insert into synced_files (job_id, path_key, path, source_key, source_path, folder_key, size_bytes, source_mtime_ms,
      etag, share_modified_at, created_at, updated_at)
    select ${jobId}, ${key}, i, ${key}, i, ${key}, 1000, 0, '"1"', now(), now(), now()
    from generate_series(${from}::int, ${to}::int) as i`.execute(database.db);
  await database.close();
}

it('P8 counts a small archive each time, and a large one now and then', async () => {
  expect(await total()).toBe(0);
  await addFiles(1, 10);
  expect(await total()).toBe(10);
  expect(await Promise.all([total(), total(), total()])).toEqual([10, 10, 10]);
  let nowMs = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += 10)); // a count takes that long
  await addFiles(11, 100_001);
  expect(await total()).toBe(100_001);
  await addFiles(100_002, 100_002);
  expect(await total()).toBe(100_001);
  nowMs += 1_000_000;
  expect(await total()).toBe(100_002);
});
