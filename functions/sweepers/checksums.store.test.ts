import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  approvedAgent,
  openTestArchive,
  type TestAgent,
  type TestArchive,
} from '../../test/support/archiveServices.ts';
import { pathKey } from '../../shared/domain/paths.ts';
import { toShareMetadata } from '../../shared/domain/shareMetadata.ts';
import { json } from '../platform/database/index.ts';
import { ShareError, type ShareFileFacts, type Shares } from '../platform/storage/shares.ts';
import { sweepChecksums } from './checksums.ts';

let archive: TestArchive;
let agent: TestAgent;
const sha256 = 'a1'.repeat(32);

beforeAll(async () => {
  archive = await openTestArchive();
});
beforeEach(async () => {
  await archive.database.db.deleteFrom('synced_files').execute();
  agent = await approvedAgent(archive);
  await insertReconcile();
});
afterAll(() => archive.close());

async function insertReconcile(): Promise<void> {
  const at = archive.services.now();
  const id = archive.services.newId();
  const zeroes = { files_examined: 0, files_needed: 0, files_archived: 0, files_skipped: 0, files_failed: 0 };
  await archive.database.db
    .insertInto('sync_runs')
    .values({
      ...zeroes,
      id,
      organization_id: archive.organizationId,
      sync_type: 'reconcile',
      job_id: agent.jobId,
      correlation_id: id,
      live_key: id,
      status: 'complete',
      trigger_kind: 'manual',
      payload_json: json({}),
      bytes_archived: 0,
      slice: 0,
      slice_attempts: 0,
      started_at: at,
      last_activity_at: at,
      version: 1,
      created_at: at,
      updated_at: at,
    })
    .execute();
}

/** Rows as a reconcile leaves them: without a hash. */
async function insertUnhashed(...paths: readonly string[]): Promise<void> {
  const at = archive.services.now();
  const rows = paths.map((path) => ({
    job_id: agent.jobId,
    path_key: pathKey(path),
    path,
    source_key: pathKey(path),
    source_path: path,
    folder_key: pathKey(''),
    size_bytes: 1,
    source_mtime_ms: 1,
    etag: '"1"',
    share_modified_at: at,
    created_at: at,
    updated_at: at,
  }));
  // A statement of SQL Server takes 2,100 parameters.
  for (let start = 0; start < rows.length; start += 100) {
    await archive.database.db
      .insertInto('synced_files')
      .values(rows.slice(start, start + 100))
      .execute();
  }
}

const hashes = async (): Promise<Record<string, string | null>> => {
  const rows = await archive.database.db.selectFrom('synced_files').select(['path', 'checksum']).execute();
  return Object.fromEntries(rows.map((row) => [row.path, row.checksum]));
};

const facts: ShareFileFacts = {
  sizeBytes: 1,
  attributes: 'ReadOnly',
  lastWriteAt: new Date(1),
  lastModifiedAt: new Date(1),
  etag: '"1"',
  metadata: toShareMetadata({ sha256, sizeBytes: 1, mtimeMs: 1 }),
};

/** A share that knows every file, but for what a test says. */
function withFacts(fileFacts: (path: string) => Promise<ShareFileFacts | undefined>) {
  const asked: string[] = [];
  const shares: Shares = {
    ...archive.shares,
    fileFacts: (_share, path) => {
      asked.push(path);
      return fileFacts(path);
    },
  };
  return { asked, services: { ...archive.services, shares } };
}

describe('sweepChecksums', () => {
  it('F9 fills in the hash of the very file that the listing showed, and no other', async () => {
    await insertUnhashed('same', 'gone', 'rewritten', 'half', 'unquoted');
    const { services } = withFacts(async (path) => {
      if (path === 'gone') return undefined;
      if (path === 'rewritten') return { ...facts, etag: '"2"' };
      if (path === 'half') return { ...facts, attributes: 'ReadOnly | Temporary' };
      return path === 'unquoted' ? { ...facts, etag: '1' } : facts;
    });
    expect(await sweepChecksums(services)).toEqual({ examined: 5, changed: 2 });
    expect(await hashes()).toEqual({
      same: sha256,
      gone: null,
      rewritten: null,
      half: null,
      unquoted: sha256,
    });
  });

  it('F9 B28 asks again for what it could not fill in after an hour, not every minute', async () => {
    await insertUnhashed('gone');
    const { services } = withFacts(async () => undefined);
    expect(await sweepChecksums(services)).toEqual({ examined: 1, changed: 0 });
    archive.services.advance(59 * 60_000);
    expect(await sweepChecksums(services)).toEqual({ examined: 0, changed: 0 });
    archive.services.advance(60_000);
    expect(await sweepChecksums(withFacts(async () => facts).services)).toEqual({ examined: 1, changed: 1 });
  });

  it('S5 B8 one bad file never stops the others', async () => {
    await insertUnhashed('bad', 'good');
    const { services } = withFacts(async (path) => {
      if (path === 'bad') throw new ShareError('permanent', 'a name that the share refuses');
      return facts;
    });
    expect(await sweepChecksums(services)).toEqual({ examined: 2, changed: 1 });
    expect(await hashes()).toEqual({ bad: null, good: sha256 });
  });

  it('B22 B36 asks a share that does not answer a few times a tick, says so once, and fills everything in later', async () => {
    const paths = Array.from({ length: 200 }, (_, index) => `file-${String(index)}`);
    await insertUnhashed(...paths);
    archive.services.lines.length = 0;
    const silent = withFacts(async () => Promise.reject(new ShareError('throttled', 'busy')));
    const { examined, changed } = await sweepChecksums(silent.services);
    expect(changed).toBe(0);
    expect(examined).toBeLessThanOrEqual(16);
    expect(archive.services.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    expect(await sweepChecksums(withFacts(async () => facts).services)).toEqual({
      examined: 200,
      changed: 200,
    });
  });

  it('F9 B32 leaves a row alone that a sync wrote while its hash was read', async () => {
    await insertUnhashed('a');
    const { services } = withFacts(async () => {
      await archive.database.db
        .updateTable('synced_files')
        .set({ etag: '"2"', checksum: 'ff'.repeat(32) })
        .execute();
      return facts;
    });
    expect(await sweepChecksums(services)).toEqual({ examined: 1, changed: 0 });
    expect(await hashes()).toEqual({ a: 'ff'.repeat(32) });
  });

  it('F9 B8 files whose content is never read to its end keep no others waiting, in the tick that was ended for them or in the next', async () => {
    const paths = Array.from({ length: 8 }, (_, index) => `0-large-${String(index)}`);
    await insertUnhashed(...paths);
    const { services } = withFacts(async () => ({ ...facts, metadata: {} }));
    const begun: string[] = [];
    const eightBegan = Promise.withResolvers<boolean>();
    services.shares.fileSha256 = (_share, path) => {
      begun.push(path);
      if (begun.length === 8) eightBegan.resolve(true);
      return new Promise(() => undefined);
    };
    sweepChecksums(services).catch(() => undefined);
    await eightBegan.promise;
    await insertUnhashed('ninth');
    services.shares.fileSha256 = async (_share, path) => {
      begun.push(path);
      return sha256;
    };
    expect(await sweepChecksums(services)).toEqual({ examined: 1, changed: 1 });
    expect(begun.toSorted()).toEqual([...paths, 'ninth']);
  });

  it('F9 B22 content that a silent share did not give is asked for again by the next tick', async () => {
    await insertUnhashed('a');
    const { services } = withFacts(async () => ({ ...facts, metadata: {} }));
    services.shares.fileSha256 = () => Promise.reject(new ShareError('throttled', 'busy'));
    expect(await sweepChecksums(services)).toEqual({ examined: 1, changed: 0 });
    services.shares.fileSha256 = async () => sha256;
    expect(await sweepChecksums(services)).toEqual({ examined: 1, changed: 1 });
  });

  it('F9 looks through jobs that were reconciled in the last week only', async () => {
    await insertUnhashed('a');
    archive.services.advance(8 * 24 * 3_600_000);
    const { services, asked } = withFacts(async () => facts);
    expect(await sweepChecksums(services)).toEqual({ examined: 0, changed: 0 });
    expect(asked).toEqual([]);
    await insertReconcile();
    expect(await sweepChecksums(services)).toEqual({ examined: 1, changed: 1 });
  });
});
