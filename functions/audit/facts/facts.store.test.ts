import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestArchive, type TestArchive } from '../../../test/support/archiveServices.ts';
import { type FleetMaker, fleetMaker } from '../../../test/support/sweptFleet.ts';
import { pathKey } from '../../../shared/domain/paths.ts';
import { toShareMetadata } from '../../../shared/domain/shareMetadata.ts';
import { json } from '../../platform/database/index.ts';
import { ShareError, type ShareFileFacts } from '../../platform/storage/shares.ts';
import { readChannelFacts } from './channels.ts';
import { sampleIndex } from './indexSample.ts';
import { readShareFacts } from './platform.ts';

let archive: TestArchive;
let fleet: FleetMaker;
const sha256 = 'a1'.repeat(32);

beforeAll(async () => {
  archive = await openTestArchive();
  fleet = fleetMaker(archive);
});
beforeEach(async () => {
  await archive.database.db.deleteFrom('synced_files').execute();
  await fleet.clear();
  await archive.database.db.deleteFrom('notification_channels').execute();
  await fleet.runners(1);
});
afterAll(() => archive.close());

const db = () => archive.database.db;

async function indexed(path: string): Promise<void> {
  const at = archive.services.now();
  await db()
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
      checksum: sha256,
      etag: '"1"',
      share_modified_at: at,
      created_at: at,
      updated_at: at,
    })
    .execute();
}

const facts: ShareFileFacts = {
  sizeBytes: 10,
  attributes: 'ReadOnly',
  lastWriteAt: new Date(1),
  lastModifiedAt: new Date(1),
  etag: '"1"',
  metadata: toShareMetadata({ sha256, sizeBytes: 10, mtimeMs: 1 }),
};
const sampleWith = (fileFacts: (path: string) => Promise<ShareFileFacts | undefined>) =>
  sampleIndex(
    { ...archive.services, shares: { ...archive.shares, fileFacts: (_, path) => fileFacts(path) } },
    null,
  );

describe('sampleIndex', () => {
  it('S11 looks files of the index up on the share: missing, half, of another size, with another hash', async () => {
    const answers: readonly [ShareFileFacts | undefined, string][] = [
      [facts, 'same'],
      [{ ...facts, metadata: {} }, 'same'],
      [undefined, 'missing'],
      [{ ...facts, attributes: 'ReadOnly | Temporary' }, 'different'],
      [{ ...facts, sizeBytes: 9 }, 'different'],
      [
        { ...facts, metadata: toShareMetadata({ sha256: 'b2'.repeat(32), sizeBytes: 10, mtimeMs: 1 }) },
        'different',
      ],
    ];
    await indexed('a.geo');
    for (const [answer, finding] of answers)
      expect(await sampleWith(async () => answer)).toMatchObject([
        { subject: 'share-runner-1/a.geo', finding },
      ]);
  });

  it('S11 draws a few files of each job, however many there are, and each once', async () => {
    for (let file = 0; file < 40; file += 1) await indexed(`file ${String(file)}`);
    const subjects = (await sampleWith(async () => facts)).map(({ subject }) => subject);
    expect(new Set(subjects).size).toBe(3);
    expect(subjects).toHaveLength(3);
  });

  it('S11 B7 says nothing of a row that went while the share was asked', async () => {
    await indexed('a.geo');
    const sampled = sampleWith(async () => {
      await db().deleteFrom('synced_files').execute();
      return undefined;
    });
    expect(await sampled).toEqual([]);
  });

  it('S11 B22 a share that does not answer is evidence, not the end of the audit', async () => {
    await indexed('a.geo');
    const sampled = sampleWith(() => Promise.reject(new ShareError('unreachable', 'away')));
    expect(await sampled).toMatchObject([{ finding: 'not looked up' }]);
  });
});

it('S11 knows each share’s newest snapshot, and says when nobody answers', async () => {
  const at = (hours: number) => new Date(archive.services.now().getTime() - hours * 3_600_000);
  const shot = (hours: number) => ({
    shareName: 'share-runner-1',
    snapshot: String(hours),
    takenAt: at(hours),
    isOurs: true,
  });
  const listing = { ...archive.shares, listSnapshots: async () => [shot(30), shot(6)] };
  expect(await readShareFacts({ ...archive.services, shares: listing }, null)).toMatchObject([
    { shareName: 'share-runner-1', newestSnapshotAt: at(6) },
  ]);
  const away = { ...archive.shares, listSnapshots: () => Promise.reject(new Error('away')) };
  expect(await readShareFacts({ ...archive.services, shares: away }, null)).toBe('no answer');
});

it('S11 A5 counts what a channel did not take, of its own organization', async () => {
  const at = archive.services.now();
  const { organizationId } = archive;
  await db()
    .insertInto('notification_channels')
    .values({
      id: 'teams',
      organization_id: organizationId,
      kind: 'teams',
      name: 'Teams',
      enabled: true,
      config_json: json({}),
      last_ok_at: at,
      version: 1,
      created_at: at,
      updated_at: at,
    })
    .execute();
  const notification = (id: string, status: 'failed' | 'pending' | 'delivered', minutesAgo: number) => ({
    id,
    organization_id: organizationId,
    transition: 'opened',
    dedup_key: id,
    channel_id: 'teams',
    recipients_json: json([]),
    message_json: json({}),
    status,
    attempts: 1,
    created_at: new Date(at.getTime() - minutesAgo * 60_000),
    version: 1,
  });
  await db()
    .insertInto('notifications')
    .values([
      notification('failed', 'failed', 60),
      notification('failed long ago', 'failed', 2000),
      notification('waits', 'pending', 16),
      notification('has just come', 'pending', 14),
      notification('delivered', 'delivered', 20),
      // Somebody who sets a channel up tries it until it works.
      { ...notification('tried', 'failed', 30), transition: 'test' },
    ])
    .execute();
  const since = new Date(at.getTime() - 24 * 3_600_000);
  expect(await readChannelFacts(db(), organizationId, { now: at, since })).toEqual([
    { name: 'Teams', createdAt: at, lastOkAt: at, failed: 1, overdue: 1 },
  ]);
  expect(await readChannelFacts(db(), 'other', { now: at, since })).toEqual([]);
});
