import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { testServices, type TestServices } from '../../../test/support/services.ts';
import { json } from '../../platform/database/index.ts';
import type { ShareEntry, Shares } from '../../platform/storage/shares.ts';
import { listedFile, type ListedFile } from './difference.ts';
import { startReconcile } from './start.ts';
import {
  countIndexed,
  indexedInFolder,
  markFoldersSeen,
  nextUnseenFolder,
  placesOfOtherJobs,
  removeAsRead,
  takeListed,
} from './store.ts';

let database: TestDatabase;
let services: TestServices;
const noon = new Date('2026-11-22T12:00:00Z');
let jobs = 0;
let jobId = '';

beforeAll(async () => {
  database = await openTestDatabase();
  await database.db
    .insertInto('organizations')
    .values([
      { id: 'org', name: 'Org', created_at: noon },
      { id: 'other', name: 'Other', created_at: noon },
    ])
    .execute();
});
afterAll(() => database.close());

beforeEach(async () => {
  services = testServices({ database, shares: sharesOf([]), startAt: noon });
  jobs += 1;
  jobId = await insertJob(`runner-${String(jobs)}`, '');
});

async function insertJob(runnerId: string, sharePath: string, shareName = runnerId): Promise<string> {
  const id = `${runnerId}.${sharePath === '' ? 'geometry' : sharePath}`;
  const common = { organization_id: 'org', version: 1, created_at: noon, updated_at: noon };
  const runner = {
    host_name: 'H',
    platform: 'linux',
    time_zone: 'UTC',
    status: 'active',
    generation: 1,
  } as const;
  await database.db
    .insertInto('runners')
    .values({
      ...common,
      ...runner,
      id: `${runnerId}-of-${id}`,
      name: id,
      key_slot: id,
      share_name: shareName,
    })
    .execute();
  const job = { kind: 'geometry', source_path: '/data', schedule_seconds: 300, enabled: true } as const;
  await database.db
    .insertInto('jobs')
    .values({
      ...common,
      ...job,
      id,
      name: id,
      runner_id: `${runnerId}-of-${id}`,
      share_name: shareName,
      share_path: sharePath,
      include_json: json([]),
      exclude_json: json([]),
      config_version: 1,
    })
    .execute();
  return id;
}

function entry(path: string, more: Partial<ShareEntry> = {}): ShareEntry {
  return {
    kind: 'file',
    name: path,
    path,
    sizeBytes: 10,
    attributes: 'ReadOnly',
    lastWriteAt: noon,
    lastModifiedAt: noon,
    etag: '"1"',
    ...more,
  };
}

function listed(path: string, more: Partial<ShareEntry> = {}): ListedFile {
  const file = listedFile(entry(path, more), path);
  if (file === undefined) throw new Error('not whole');
  return file;
}

function sharesOf(entries: readonly ShareEntry[]): Shares {
  return { listPage: async () => Promise.resolve({ entries, nextMarker: undefined }) } as unknown as Shares;
}

const stored = () =>
  database.db
    .selectFrom('synced_files')
    .select(['path', 'size_bytes', 'checksum', 'etag', 'run_id'])
    .where('job_id', '=', jobId)
    .orderBy('path_key')
    .execute();

describe('takeListed', () => {
  it('F9 takes a listing without hashes, and the same listing again changes nothing', async () => {
    const files = [listed('a'), listed('b/c')];
    await takeListed(database.db, jobId, 'first', files, noon);
    await takeListed(database.db, jobId, 'second', files, noon);
    expect((await stored()).map((row) => [row.path, row.checksum, row.run_id]).toSorted()).toEqual([
      ['a', null, 'first'],
      ['b/c', null, 'first'],
    ]);
  });

  it('F9 B32 leaves a row that a sync wrote of the same or a newer state of the file', async () => {
    const checksum = 'c'.repeat(64);
    await takeListed(database.db, jobId, 'sync', [listed('a', { sizeBytes: 20 })], noon);
    await database.db.updateTable('synced_files').set({ checksum }).where('job_id', '=', jobId).execute();
    const older = new Date(noon.getTime() - 1000);
    for (const lastModifiedAt of [older, noon])
      await takeListed(database.db, jobId, 'reconcile', [listed('a', { lastModifiedAt })], noon);
    expect(await stored()).toMatchObject([{ size_bytes: 20, checksum, run_id: 'sync' }]);
  });

  it('F9 B32 within one second takes the state with the newer ETag, and no older one', async () => {
    const state = (etag: string, sizeBytes: number) => listed('a', { etag, sizeBytes });
    await takeListed(database.db, jobId, 'sync', [state('"0x8DE1C3A5B7D9F0A"', 10)], noon);
    await takeListed(database.db, jobId, 'reconcile', [state('"0x8DE1C3A5B7D9F0B"', 20)], noon);
    await takeListed(database.db, jobId, 'late', [state('0x8DE1C3A5B7D9F09', 30)], noon);
    expect(await stored()).toMatchObject([{ size_bytes: 20, run_id: 'reconcile' }]);
  });

  it('F9 B54 takes 2,500 files at once', async () => {
    const files = Array.from({ length: 2500 }, (_, index) => listed(`folder/${String(index)}`));
    await takeListed(database.db, jobId, 'run', files, noon);
    expect(await countIndexed(database.db, jobId)).toBe(2500);
    expect(await indexedInFolder(database.db, jobId, files[0]?.folderKey ?? Buffer.alloc(32))).toHaveLength(
      2500,
    );
  });
});

describe('removeAsRead', () => {
  it('F9 removes what it read, and no row that was written since', async () => {
    const files = Array.from({ length: 1500 }, (_, index) => listed(`f/${String(index)}`));
    await takeListed(database.db, jobId, 'run', [...files, listed('g/keep')], noon);
    const folderKey = files[0]?.folderKey ?? Buffer.alloc(32);
    const rows = await indexedInFolder(database.db, jobId, folderKey);
    const later = new Date(noon.getTime() + 1000);
    await takeListed(
      database.db,
      jobId,
      'sync',
      [listed('f/7', { etag: '"2"', lastModifiedAt: later })],
      noon,
    );
    expect(await removeAsRead(database.db, jobId, rows)).toBe(1499);
    expect((await stored()).map((row) => row.path).toSorted()).toEqual(['f/7', 'g/keep']);
    expect(await removeAsRead(database.db, jobId, rows)).toBe(0);
  });

  it('A5 touches no other job', async () => {
    await takeListed(database.db, jobId, 'run', [listed('a')], noon);
    const rows = await indexedInFolder(database.db, jobId, listed('a').folderKey);
    await removeAsRead(database.db, 'another job', rows);
    expect(await stored()).toHaveLength(1);
  });
});

describe('folders', () => {
  it('F9 walks the folders of the index that this run has not seen, each once', async () => {
    await takeListed(
      database.db,
      jobId,
      'run',
      [listed('a/1'), listed('a/2'), listed('b/1'), listed('c/1')],
      noon,
    );
    await markFoldersSeen(database.db, jobId, 'this', [listed('b/1')], noon);
    await markFoldersSeen(database.db, jobId, 'an earlier one', [listed('c/1')], noon);
    const unseen: string[] = [];
    let after: Buffer | undefined;
    for (;;) {
      const folder = await nextUnseenFolder(database.db, jobId, 'this', after);
      if (folder === undefined) break;
      unseen.push(folder.folder);
      after = folder.folderKey;
    }
    expect(unseen.toSorted()).toEqual(['a', 'c']);
  });

  it('F9 seeing a folder leaves its digest and generation as they are', async () => {
    const { folder, folderKey } = listed('a/1');
    const digest = 'd'.repeat(64);
    await database.db
      .insertInto('synced_folders')
      .values({
        job_id: jobId,
        folder_key: folderKey,
        folder,
        digest,
        file_count: 3,
        generation: 7,
        updated_at: noon,
      })
      .execute();
    await markFoldersSeen(database.db, jobId, 'run', [{ folder, folderKey }], noon);
    expect(
      await database.db.selectFrom('synced_folders').selectAll().where('job_id', '=', jobId).execute(),
    ).toMatchObject([{ digest, file_count: 3, generation: 7, seen_run_id: 'run' }]);
  });

  it('F9 knows where the other jobs of a share put their files', async () => {
    const runnerId = `runner-${String(jobs)}`;
    await insertJob(runnerId, 'logs');
    await insertJob('elsewhere', 'logs');
    expect(await placesOfOtherJobs(database.db, { id: jobId, shareName: runnerId })).toEqual(['logs']);
  });
});

describe('startReconcile', () => {
  const request = (more: object = {}) => ({
    organizationId: 'org',
    actor: { kind: 'system', name: 'a test' } as const,
    runnerId: `runner-${String(jobs)}-of-${jobId}`,
    jobId,
    dryRun: false,
    removeMissing: false,
    allowEmptyShare: false,
    ...more,
  });

  it('F9 begins a run with what was asked, sends its first slice and writes down who asked', async () => {
    const { runId } = await startReconcile(services, request({ dryRun: true }));
    expect(services.sent).toEqual([{ runId, slice: 0 }]);
    const run = await database.db
      .selectFrom('sync_runs')
      .selectAll()
      .where('id', '=', runId)
      .executeTakeFirstOrThrow();
    expect(run).toMatchObject({ status: 'running', triggered_by: 'a test', next_slice_at: noon });
    expect(run.payload_json).toMatchObject({ jobId, dryRun: true, removeMissing: false, indexedAtStart: 0 });
    const log = await database.db
      .selectFrom('audit_log')
      .selectAll()
      .where('subject_id', '=', jobId)
      .executeTakeFirstOrThrow();
    expect(log).toMatchObject({ action: 'job.reconcile_started', actor: 'a test', organization_id: 'org' });
    expect(log.detail_json).toMatchObject({ runId, dryRun: true });
  });

  it('F9 lets one of eight who ask at once begin, and leaves no trace of the others', async () => {
    const asked = await Promise.allSettled(
      Array.from({ length: 8 }, () => startReconcile(services, request())),
    );
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const each of asked)
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'already-running' });
    const log = database.db.selectFrom('audit_log').selectAll().where('subject_id', '=', jobId);
    expect(await log.execute()).toHaveLength(1);
  });

  it.each([{ organizationId: 'other' }, { runnerId: 'another-runner' }, { jobId: 'no such job' }])(
    'A5 knows no job for %o',
    async (more) => {
      await expect(startReconcile(services, request(more))).rejects.toMatchObject({ code: 'not-found' });
    },
  );

  it('F9 B30 refuses an empty share while the index holds files, unless told otherwise', async () => {
    await takeListed(database.db, jobId, 'run', [listed('a')], noon);
    await expect(startReconcile(services, request())).rejects.toMatchObject({ code: 'share-looks-empty' });
    await expect(startReconcile(services, request({ dryRun: true }))).rejects.toMatchObject({
      code: 'share-looks-empty',
    });
    expect(services.sent).toEqual([]);
    await startReconcile(services, request({ allowEmptyShare: true }));
    expect(services.sent).toHaveLength(1);
  });

  it('F9 needs no look at the share while the index is empty', async () => {
    await startReconcile(services, request());
    expect(services.sent).toHaveLength(1);
  });
});
