import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  FileSystemAttributes,
  type ShareClient,
  ShareServiceClient,
  StorageSharedKeyCredential,
} from '@azure/storage-file-share';
import { pathIn } from '../../shared/domain/relativePath.ts';
import { type ReconcileOptions, startReconcile } from '../../functions/archive/reconcile/start.ts';
import { reconcileTotals, type ReconcileTotals } from '../../functions/archive/reconcile/state.ts';
import { reconcileWork } from '../../functions/archive/reconcile/work.ts';
import { takeArchived } from '../../functions/archive/stateIndex.ts';
import { ensureFolders, recordDigests } from '../../functions/archive/store/folders.ts';
import type { ArchivedFile } from '../../functions/archive/store/stateIndex.ts';
import { writeContext } from '../../functions/platform/runs/index.ts';
import { openAzureShares } from '../../functions/platform/storage/azureShares.ts';
import type { Shares } from '../../functions/platform/storage/shares.ts';
import { workOnSlice } from '../../functions/workflows/index.ts';
import { DEVELOPMENT_ACCOUNT, startAzureFilesServer } from '../../local/azure-files/server.ts';
import { folderOf, nameOf, pathKey } from '../../shared/domain/paths.ts';
import { toShareMetadata } from '../../shared/domain/shareMetadata.ts';
import { openTestDatabase, type TestDatabase } from './database.ts';
import { type TestServices, testServices } from './services.ts';
import { waitUntilDue } from './sliceDelivery.ts';

export const operator = { kind: 'system', name: 'operator@example.org' } as const;

/** A real file server with a real database beside it, one share and one job on it. */
export interface Bench {
  readonly database: TestDatabase;
  readonly connectionString: string;
  /** Listings that the file server answered since it started. */
  listings(): number;
  /** A new runner with a share and a job of its own. */
  newJob(options?: { readonly sharePath?: string; readonly shareName?: string }): Promise<BenchJob>;
  close(): Promise<void>;
}

export interface BenchJob {
  readonly jobId: string;
  readonly runnerId: string;
  readonly sharePath: string;
  readonly share: ShareClient;
  readonly services: TestServices;
  readonly database: TestDatabase;
}

export async function openBench(): Promise<Bench> {
  const database = await openTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'reconcile-'));
  let listings = 0;
  const server = await startAzureFilesServer({
    dataDir,
    port: 0,
    log: ({ operation }) => {
      if (operation === 'ListDirectory') listings += 1;
    },
  });
  const { name, key } = DEVELOPMENT_ACCOUNT;
  const endpoint = `${server.url}/${name}`;
  const connectionString = `DefaultEndpointsProtocol=http;AccountName=${name};AccountKey=${key};FileEndpoint=${endpoint};`;
  const service = new ShareServiceClient(endpoint, new StorageSharedKeyCredential(name, key));
  await database.db
    .insertInto('organizations')
    .values({ id: 'org', name: 'Org', created_at: new Date() })
    .execute();
  let made = 0;
  return {
    database,
    connectionString,
    listings: () => listings,
    newJob: async ({ sharePath = '', shareName } = {}) => {
      made += 1;
      const runnerId = `runner-${String(made)}`;
      const share = service.getShareClient(shareName ?? `share-${String(made)}`);
      await share.createIfNotExists();
      const jobId = `${runnerId}.geometry`;
      await insertRunnerAndJob(database, { runnerId, jobId, shareName: share.name, sharePath });
      const shares = openAzureShares({ connectionString, sasHours: 24, newId: () => 'policy' });
      return {
        jobId,
        runnerId,
        sharePath,
        share,
        services: testServices({ database, shares }),
        database,
      };
    },
    close: async () => {
      await server.close();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function insertRunnerAndJob(
  { db }: TestDatabase,
  names: { runnerId: string; jobId: string; shareName: string; sharePath: string },
): Promise<void> {
  const at = new Date();
  const common = { organization_id: 'org', version: 1, created_at: at, updated_at: at };
  await db
    .insertInto('runners')
    .values({
      ...common,
      id: names.runnerId,
      name: names.runnerId,
      host_name: names.runnerId,
      platform: 'linux x64',
      time_zone: 'UTC',
      status: 'active',
      generation: 1,
      key_slot: names.runnerId,
      share_name: names.shareName,
    })
    .execute();
  await db
    .insertInto('jobs')
    .values({
      ...common,
      id: names.jobId,
      runner_id: names.runnerId,
      name: 'geometry',
      kind: 'geometry',
      source_path: '/data',
      share_name: names.shareName,
      share_path: names.sharePath,
      schedule_seconds: 300,
      include_json: '[]' as never,
      exclude_json: '[]' as never,
      enabled: true,
      config_version: 1,
    })
    .execute();
}

type Mark = 'whole' | 'temporary' | 'unmarked';

/** Puts a file below the job's share path as an agent does; the mark may stay away, as after a crash. */
export async function putFile(
  job: BenchJob,
  path: string,
  options: { content?: string; mtimeMs?: number; mark?: Mark } = {},
): Promise<ArchivedFile> {
  const { content = path, mtimeMs = 1_769_000_000_123, mark = 'whole' } = options;
  const bytes = Buffer.from(content);
  const onShare = pathIn(job.sharePath, path);
  const file = (await ensureFolder(job.share, folderOf(onShare))).getFileClient(nameOf(onShare));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const metadata = toShareMetadata({ sha256, sizeBytes: bytes.length, mtimeMs });
  const half = mark === 'temporary' ? { fileAttributes: attributes('Temporary') } : {};
  await file.create(bytes.length, { metadata, ...half });
  if (bytes.length > 0) await file.uploadRange(bytes, 0, bytes.length);
  if (mark === 'whole') {
    const whole = { lastWriteTime: new Date(mtimeMs), fileAttributes: attributes('ReadOnly') };
    await file.setProperties(whole);
  }
  const { etag = '', lastModified = new Date(0) } = await file.getProperties();
  const folder = folderOf(path);
  return {
    pathKey: pathKey(path),
    path,
    sourceKey: pathKey(path),
    sourcePath: path,
    folderKey: pathKey(folder),
    folder,
    sizeBytes: bytes.length,
    mtimeMs,
    checksum: sha256,
    etag,
    shareModifiedAt: lastModified,
  };
}

async function ensureFolder(share: ShareClient, folder: string) {
  if (folder === '') return share.rootDirectoryClient;
  await ensureFolder(share, folderOf(folder));
  const directory = share.getDirectoryClient(folder);
  await directory.createIfNotExists();
  return directory;
}

export function attributes(text: 'ReadOnly' | 'Temporary' | 'None'): FileSystemAttributes {
  return FileSystemAttributes.parse(text);
}

/** As somebody at the share would: the whole mark has to go first. */
export async function removeFile({ share }: BenchJob, path: string): Promise<void> {
  const folder = folderOf(path);
  const directory = folder === '' ? share.rootDirectoryClient : share.getDirectoryClient(folder);
  const file = directory.getFileClient(nameOf(path));
  await file.setProperties({ fileAttributes: attributes('None') });
  await file.delete();
}

export async function removeFolder(job: BenchJob, folder: string): Promise<void> {
  const directory = job.share.getDirectoryClient(folder);
  for await (const { name } of directory.listFilesAndDirectories())
    await removeFile(job, `${folder}/${name}`);
  await directory.delete();
}

/** Takes files into the index the way an agent's results do. */
export async function takeIntoIndex(job: BenchJob, files: readonly ArchivedFile[]): Promise<void> {
  const { services, jobId } = job;
  await services.database.transaction((tx) =>
    takeArchived(tx, { jobId, runId: 'sync-run' }, files, writeContext(services)),
  );
}

/** Archives files: on the share and in the index. */
export async function archive(job: BenchJob, paths: readonly string[]): Promise<ArchivedFile[]> {
  const files = await Promise.all(paths.map((path) => putFile(job, path)));
  await takeIntoIndex(job, files);
  return files;
}

/** Gives folders a digest, as a sync that found them complete does. */
export async function sealDigests(job: BenchJob, folders: readonly string[]): Promise<void> {
  const { db } = job.database;
  const at = job.services.now();
  const named = folders.map((folder) => ({ folderKey: pathKey(folder), folder }));
  await ensureFolders(db, job.jobId, named, at);
  const proof = { digest: 'd'.repeat(64), fileCount: 1, generation: 0, provedAt: at };
  const proven = named.map((folder) => ({ ...folder, ...proof }));
  await recordDigests(db, job.jobId, proven, at);
}

export async function digests(job: BenchJob): Promise<Record<string, string>> {
  const rows = await job.database.db
    .selectFrom('synced_folders')
    .select(['folder', 'digest', 'generation'])
    .where('job_id', '=', job.jobId)
    .execute();
  return Object.fromEntries(
    rows.map((row) => [row.folder, `${row.digest === null ? 'none' : 'known'} ${String(row.generation)}`]),
  );
}

/** The whole state index of the job by path, but for who wrote a row and when. */
export async function indexOf(job: BenchJob) {
  const rows = await job.database.db
    .selectFrom('synced_files')
    .select([
      'path',
      'source_path',
      'path_key',
      'source_key',
      'folder_key',
      'size_bytes',
      'source_mtime_ms',
      'checksum',
      'etag',
      'share_modified_at',
    ])
    .where('job_id', '=', job.jobId)
    .execute();
  return rows.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

export async function pathsIn(job: BenchJob): Promise<string[]> {
  return (await indexOf(job)).map((row) => row.path);
}

export async function loseIndex(job: BenchJob): Promise<void> {
  await job.database.db.deleteFrom('synced_files').where('job_id', '=', job.jobId).execute();
  await job.database.db.deleteFrom('synced_folders').where('job_id', '=', job.jobId).execute();
}

export function begin(job: BenchJob, options: Partial<ReconcileOptions> = {}): Promise<{ runId: string }> {
  const defaults = { dryRun: false, removeMissing: false, allowEmptyShare: false };
  const { runnerId, jobId } = job;
  const whose = { organizationId: 'org', actor: operator, runnerId, jobId };
  return startReconcile(job.services, { ...defaults, ...options, ...whose });
}

/** Delivers slice messages, each when it is due, until none is left. */
export async function deliverAll(services: TestServices): Promise<string[]> {
  const verdicts: string[] = [];
  for (let message = services.sent.shift(); message !== undefined; message = services.sent.shift()) {
    await waitUntilDue(services, message);
    verdicts.push(await workOnSlice([reconcileWork], message, services));
  }
  return verdicts;
}

export interface EndedRun {
  readonly status: string;
  readonly reason: string | null;
  readonly slices: number;
  readonly totals: ReconcileTotals;
}

export async function runOf({ database }: BenchJob, runId: string): Promise<EndedRun> {
  const run = await database.db
    .selectFrom('sync_runs')
    .select(['status', 'status_reason', 'slice', 'result_json'])
    .where('id', '=', runId)
    .executeTakeFirstOrThrow();
  const totals = reconcileTotals.parse(run.result_json);
  return { status: run.status, reason: run.status_reason, slices: run.slice + 1, totals };
}

/** A reconcile from its request to its end. */
export async function reconciled(
  job: BenchJob,
  options: Partial<ReconcileOptions> = {},
): Promise<EndedRun & { readonly runId: string }> {
  const { runId } = await begin(job, options);
  await deliverAll(job.services);
  return { runId, ...(await runOf(job, runId)) };
}

/** The same job, whose share does something of the test's own around each listing. */
export function withListing(
  job: BenchJob,
  around: (list: () => ReturnType<Shares['listPage']>, directory: string) => ReturnType<Shares['listPage']>,
): BenchJob {
  const { shares } = job.services;
  const listPage: Shares['listPage'] = (share, directory, marker) =>
    around(() => shares.listPage(share, directory, marker), directory);
  return { ...job, services: { ...job.services, shares: { ...shares, listPage } } };
}

/** The same job, with a clock that spends a slice's whole budget at every listing: a directory a slice. */
export function withTinySlices(job: BenchJob): BenchJob {
  return withListing(job, (list) => {
    job.services.advance(job.services.settings.SLICE_BUDGET_SECONDS * 1000);
    return list();
  });
}
