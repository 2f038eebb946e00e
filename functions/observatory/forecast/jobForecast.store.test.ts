import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openTestArchive, type TestArchive } from '../../../test/support/archiveServices.ts';
import { type FleetMaker, fleetMaker } from '../../../test/support/sweptFleet.ts';
import { jobForecast } from '../../../shared/contract/operations.ts';
import { pathKey } from '../../../shared/domain/paths.ts';
import type { Shares } from '../../platform/storage/shares.ts';
import { readJobForecast } from './jobForecast.ts';

let archive: TestArchive;
let fleet: FleetMaker;
const ids = { runnerId: 'runner-1', jobId: 'job-runner-1' };

beforeAll(async () => {
  archive = await openTestArchive();
  fleet = fleetMaker(archive);
});
beforeEach(async () => {
  await archive.database.db.deleteFrom('synced_files').execute();
  await fleet.clear();
  await fleet.runners(1);
  await fleet.setJob('job-runner-1', {
    source_cap: 2400,
    source_count: 2400,
    backlog_count: 3,
    backlog_bytes: 3000,
    purge_ahead: 999,
    produced_last_hour: 100,
    produced_last_day: 1000,
    produced_peak_hour: 100,
  });
});
afterAll(() => archive.close());

async function archivedFile(path: string, minutesAgo: number): Promise<void> {
  const at = new Date(archive.services.now().getTime() - minutesAgo * 60_000);
  await archive.database.db
    .insertInto('synced_files')
    .values({
      job_id: 'job-runner-1',
      path_key: pathKey(path),
      path,
      source_key: pathKey(path),
      source_path: path,
      folder_key: pathKey(''),
      size_bytes: 10,
      source_mtime_ms: 1,
      checksum: 'a1'.repeat(32),
      etag: '"1"',
      share_modified_at: at,
      created_at: at,
      updated_at: at,
    })
    .execute();
}

const read = (shares: Partial<Shares> = {}) =>
  readJobForecast(
    { ...archive.services, shares: { ...archive.shares, ...shares } },
    archive.organizationId,
    ids,
  );

it('F14 shows when the instrument deletes something unarchived, and the way there', async () => {
  const view = jobForecast.response.parse(await read());
  expect(view).toMatchObject({
    sourceCap: 2400,
    forecast: { state: 'forecast', hoursLeft: 10, isAtRisk: true },
  });
  expect(view.expected.at(-1)).toMatchObject({ at: view.forecast.purgeAt, filesUntilPurge: 0 });
});

it('S16 says what would be lost now, from the index, the newest snapshot and the source', async () => {
  await fleet.setJob('job-runner-1', { source_count: 4 });
  await archivedFile('old', 3000);
  for (const name of ['new-1', 'new-2', 'new-3']) await archivedFile(name, 60);
  await archivedFile('just now', 1);
  const takenAt = new Date(archive.services.now().getTime() - 2 * 3_600_000);
  const snapshot = { shareName: 'share-runner-1', snapshot: '1', takenAt, isOurs: true };
  const points = (await read({ listSnapshots: async () => [snapshot] })).recoveryPoints;
  // Of what was archived one file still stands on the source beside the three that wait.
  expect(points.map(({ loss, files }) => [loss, files])).toEqual([
    ['share', 3],
    ['region', 4],
    ['instrument', 3],
  ]);
});

it('S16 of a runner that is silent for a month nothing is said to stand on its instrument', async () => {
  for (const name of ['one', 'two']) await archivedFile(name, 60);
  const region = async () => (await read()).recoveryPoints.find(({ loss }) => loss === 'region');
  expect(await region()).toMatchObject({ files: null });
  fleet.down(30 * 24 * 60);
  expect(await region()).toMatchObject({ files: 2 });
});

it('S16 B22 answers when the storage account does not, and says so', async () => {
  const { recoveryPoints } = await read({ listSnapshots: () => Promise.reject(new Error('away')) });
  expect(recoveryPoints[0]).toMatchObject({ loss: 'share', files: null });
});

it('A5 knows no job of another organization', async () => {
  await expect(readJobForecast(archive.services, 'other', ids)).rejects.toMatchObject({ code: 'not-found' });
});
