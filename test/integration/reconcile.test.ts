import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { archiveHandlers } from '../../functions/archive/index.ts';
import { sweepChecksums } from '../../functions/sweepers/checksums.ts';
import { changedName } from '../../shared/domain/archivedName.ts';
import { pathKey } from '../../shared/domain/paths.ts';
import {
  archive,
  attributes,
  begin,
  type Bench,
  type BenchJob,
  digests,
  indexOf,
  loseIndex,
  openBench,
  pathsIn,
  putFile,
  reconciled,
  removeFile,
  removeFolder,
  sealDigests,
  takeIntoIndex,
} from '../support/reconciling.ts';
import { startHostedApp } from '../support/hosted-app.ts';

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

describe('a lost state index', () => {
  it('F9 comes back exactly: paths, sizes, times and ETags from listings, hashes from the files', async () => {
    await archive(job, [...tree, '2026-11-20/leer.dat', '2026-11-20/Übung 1 %26 #.dat']);
    const before = await indexOf(job);
    await loseIndex(job);

    expect(await reconciled(job)).toMatchObject({
      status: 'complete',
      totals: { directories: 6, filesListed: 7, whole: 7, notWhole: 0, added: 7, missing: 0 },
    });
    expect(await indexOf(job)).toEqual(before.map((row) => ({ ...row, checksum: null })));

    expect(await sweepChecksums(job.services)).toEqual({ examined: 7, changed: 7 });
    expect(await indexOf(job)).toEqual(before);
    expect(await sweepChecksums(job.services)).toEqual({ examined: 0, changed: 0 });
  });

  it('F9 B19 takes an empty file and one with a time before 1970', async () => {
    const files = [
      await putFile(job, 'empty.dat', { content: '' }),
      await putFile(job, 'old.dat', { mtimeMs: -86_400_001 }),
    ];
    await reconciled(job);
    const found = await indexOf(job);
    expect(found.map((row) => [row.path, row.size_bytes, row.source_mtime_ms])).toEqual(
      files.map((file) => [file.path, file.sizeBytes, file.mtimeMs]),
    );
  });

  it('F9 B18 half-written files stay out of it', async () => {
    await putFile(job, 'd/whole.dat');
    await putFile(job, 'd/temporary.dat', { mark: 'temporary' });
    await putFile(job, 'd/unmarked.dat', { mark: 'unmarked' });
    expect((await reconciled(job)).totals).toMatchObject({ filesListed: 3, whole: 1, notWhole: 2, added: 1 });
    expect(await pathsIn(job)).toEqual(['d/whole.dat']);
  });

  it('F9 F5 a file that was kept beside an older one counts for its source', async () => {
    const mtimeMs = 1_769_000_111_222;
    const kept = changedName('2026-11-22/a.dat', mtimeMs, 'ab'.repeat(32));
    await putFile(job, '2026-11-22/a.dat', { mtimeMs: mtimeMs - 1000 });
    await putFile(job, kept, { mtimeMs });
    await reconciled(job);
    const rows = await indexOf(job);
    expect(rows.map((row) => row.path)).toEqual(['2026-11-22/a.dat', kept]);
    for (const row of rows) {
      expect(row.source_path).toBe('2026-11-22/a.dat');
      expect(row.source_key).toEqual(pathKey('2026-11-22/a.dat'));
    }
  });

  it('F9 a file that came to the share without a hash gets the one of its bytes', async () => {
    const file = await putFile(job, 'd/restored.dat', { content: 'as the restore left it' });
    const restored = job.share.getDirectoryClient('d').getFileClient('restored.dat');
    await restored.setProperties({ fileAttributes: attributes('None') });
    await restored.setMetadata({});
    const time = new Date(file.mtimeMs);
    await restored.setProperties({ fileAttributes: attributes('ReadOnly'), lastWriteTime: time });
    await reconciled(job);
    await sweepChecksums(job.services);
    expect(await indexOf(job)).toMatchObject([{ path: 'd/restored.dat', checksum: file.checksum }]);
  });

  it('F9 B29 a directory of more files than a page holds is read to its end, and every page is counted', async () => {
    const paths = Array.from({ length: 5003 }, (_, index) => `day/${String(index).padStart(5, '0')}.dat`);
    for (let start = 0; start < paths.length; start += 100)
      await Promise.all(paths.slice(start, start + 100).map((path) => putEmpty(job, path)));
    const { totals } = await reconciled(job);
    expect(totals).toMatchObject({ directories: 2, transactions: 3, whole: 5003, added: 5003 });
    expect(await pathsIn(job)).toEqual(paths);
  });

  it('F9 the storage transactions shown are those that the storage account saw', async () => {
    await archive(job, tree);
    const before = bench.listings();
    const { totals } = await reconciled(job);
    // The request itself looks at the share once, before the run.
    expect(totals.transactions).toBe(bench.listings() - before - 1);
  });

  it('F9 a job below another’s place takes its own files, and the other leaves them alone', async () => {
    const below = await bench.newJob({ shareName: job.share.name, sharePath: 'Logs' });
    await putFile(job, 'a.dat');
    await putFile(job, 'Logsx/a.dat');
    await putFile(below, 'b.dat');
    await reconciled(job);
    await reconciled(below);
    expect(await pathsIn(job)).toEqual(['Logsx/a.dat', 'a.dat']);
    expect(await pathsIn(below)).toEqual(['b.dat']);
    await sweepChecksums(below.services);
    expect((await indexOf(below))[0]?.checksum).toMatch(/^[0-9a-f]{64}$/);
  });
});

async function putEmpty({ share }: BenchJob, path: string): Promise<void> {
  const [folder = '', name = ''] = path.split('/');
  const directory = share.getDirectoryClient(folder);
  if (name.startsWith('0000')) await directory.createIfNotExists();
  const whole = { fileAttributes: attributes('ReadOnly'), lastWriteTime: new Date(1_769_000_000_000) };
  await directory.getFileClient(name).create(0, whole);
}

describe('an index that differs', () => {
  it('F9 rows of another size or time are replaced and end the digest of their folder; touched ones keep it', async () => {
    const files = await archive(job, ['a/1.dat', 'a/2.dat', 'b/1.dat']);
    await sealDigests(job, ['a', 'b']);
    const [wrong, touched] = [files[0], files[2]];
    if (wrong === undefined || touched === undefined) throw new Error('two files were archived');
    await setRow(wrong.path, { size_bytes: 999_999 });
    await setRow(touched.path, { etag: '"0xold"' });
    const { totals } = await reconciled(job);
    expect(totals).toMatchObject({ replaced: 1, refreshed: 1, unchanged: 1, missing: 0 });
    expect(await digests(job)).toMatchObject({ a: 'none 1', b: 'known 0' });
    await sweepChecksums(job.services);
    const rows = new Map((await indexOf(job)).map((row) => [row.path, row]));
    expect(rows.get(wrong.path)).toMatchObject({ size_bytes: wrong.sizeBytes, checksum: wrong.checksum });
    expect(rows.get(touched.path)).toMatchObject({ etag: touched.etag, checksum: touched.checksum });
  });

  it('F9 a dry run says everything and changes nothing', async () => {
    await archive(job, tree);
    await sealDigests(job, ['2026-11-20', '2026-11-21']);
    await removeFile(job, '2026-11-20/a.dat');
    await setRow('2026-11-21/a.dat', { source_mtime_ms: 1 });
    await putFile(job, '2026-11-21/new.dat');
    const [rows, folders] = [await indexOf(job), await digests(job)];
    const { totals, status } = await reconciled(job, { dryRun: true, removeMissing: true });
    expect(status).toBe('complete');
    expect(totals).toMatchObject({ added: 1, replaced: 1, missing: 1, removed: 0 });
    expect(await indexOf(job)).toEqual(rows);
    expect(await digests(job)).toMatchObject(folders);
  });

  it('F9 missing files are counted and their rows stay, unless removal was asked for', async () => {
    await archive(job, [...tree, 'gone/1.dat', 'gone/2.dat']);
    await removeFile(job, '2026-11-20/a.dat');
    await removeFolder(job, 'gone');
    const { totals, status } = await reconciled(job);
    expect(status).toBe('complete');
    expect(totals).toMatchObject({ missing: 3, removed: 0 });
    expect(await pathsIn(job)).toHaveLength(7);
  });

  it('F9 removal takes exactly the rows without a file, also of folders that are gone, and ends those digests', async () => {
    await archive(job, [...tree, 'gone/1.dat', 'gone/2.dat']);
    await sealDigests(job, ['2026-11-20', '2026-11-21', 'gone']);
    await removeFile(job, '2026-11-20/a.dat');
    await removeFolder(job, 'gone');
    const { totals, status } = await reconciled(job, { removeMissing: true });
    expect({ status, missing: totals.missing, removed: totals.removed }).toEqual({
      status: 'complete',
      missing: 3,
      removed: 3,
    });
    expect(await pathsIn(job)).toEqual(tree.filter((path) => path !== '2026-11-20/a.dat'));
    expect(await digests(job)).toMatchObject({
      '2026-11-20': 'none 1',
      '2026-11-21': 'known 0',
      gone: 'none 1',
    });
    expect((await reconciled(job, { removeMissing: true })).totals).toMatchObject({ missing: 0, removed: 0 });
  });

  it('F9 a row whose hash cannot be filled in is removed all the same', async () => {
    await archive(job, tree);
    await loseIndex(job);
    await reconciled(job);
    await removeFile(job, 'top.dat');
    await sweepChecksums(job.services);
    await reconciled(job, { removeMissing: true });
    expect(await pathsIn(job)).not.toContain('top.dat');
  });
});

async function setRow(path: string, set: Record<string, unknown>): Promise<void> {
  await bench.database.db
    .updateTable('synced_files')
    .set(set)
    .where('job_id', '=', job.jobId)
    .where('path_key', '=', pathKey(path))
    .execute();
}

describe('POST …/reconcile', () => {
  it('F9 A3 answers 202 at once, refuses a second one, and is for operators of that organization', async () => {
    const app = await startHostedApp({
      handlers: archiveHandlers,
      settings: { FILES_CONNECTION_STRING: bench.connectionString },
      services: (made) => ({ ...made, slices: job.services.slices }),
    });
    try {
      const { db } = app.database;
      const { organization_id } = await db
        .selectFrom('users')
        .select('organization_id')
        .where('id', '=', app.admin.userId)
        .executeTakeFirstOrThrow();
      await copyJob(app.database.db, organization_id);
      const post = (jobId: string, body: object, token = app.admin.token) =>
        fetch(`${app.url}/api/admin/runners/${job.runnerId}/jobs/${jobId}/reconcile`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
      const answer = await post(job.jobId, {});
      expect(answer.status).toBe(202);
      expect(await answer.json()).toEqual({ runId: expect.stringMatching(/^reconcile-/) as string });
      const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;
      const again = await post(job.jobId, {});
      expect([again.status, await codeOf(again)]).toEqual([409, 'already-running']);
      expect((await post('no-such-job', {})).status).toBe(404);
      expect((await post(job.jobId, { force: true })).status).toBe(400);
      expect((await post(job.jobId, {}, 'dst_wrong')).status).toBe(401);
      const log = await db.selectFrom('audit_log').selectAll().where('subject_id', '=', job.jobId).execute();
      expect(log).toMatchObject([{ action: 'job.reconcile_started', actor: app.admin.email }]);
    } finally {
      await app.close();
    }
  });

  it('F9 B30 says 409 share-looks-empty, changes nothing and begins nothing', async () => {
    const file = await putFile(job, 'a.dat');
    await takeIntoIndex(job, [file]);
    await removeFile(job, 'a.dat');
    await expect(begin(job, { removeMissing: true })).rejects.toMatchObject({
      code: 'share-looks-empty',
      status: 409,
    });
    expect(await pathsIn(job)).toEqual(['a.dat']);
    expect(job.services.sent).toEqual([]);
  });

  async function copyJob(db: Bench['database']['db'], organization_id: string): Promise<void> {
    const from = bench.database.db;
    const runner = await from
      .selectFrom('runners')
      .selectAll()
      .where('id', '=', job.runnerId)
      .executeTakeFirstOrThrow();
    await db
      .insertInto('runners')
      .values({ ...runner, organization_id, heartbeat_json: null, earlier_nonces_json: null })
      .execute();
    const row = await from
      .selectFrom('jobs')
      .selectAll()
      .where('id', '=', job.jobId)
      .executeTakeFirstOrThrow();
    const lists = { include_json: '[]' as never, exclude_json: '[]' as never };
    await db
      .insertInto('jobs')
      .values({ ...row, ...lists, organization_id })
      .execute();
  }
});
