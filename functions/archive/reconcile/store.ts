import { type Db, rowsFrom, upsert } from '../../platform/database/index.ts';
import type { IndexedFile, ListedFile } from './difference.ts';

const syncedFileColumns = {
  job_id: 'id',
  path_key: 'key',
  path: 'text',
  source_key: 'key',
  source_path: 'text',
  folder_key: 'key',
  size_bytes: 'bigint',
  source_mtime_ms: 'bigint',
  checksum: 'text?',
  etag: 'text',
  share_modified_at: 'instant',
  run_id: 'id?',
  created_at: 'instant',
  updated_at: 'instant',
} as const;

const syncedFolderColumns = {
  job_id: 'id',
  folder_key: 'key',
  folder: 'text',
  digest: 'text?',
  file_count: 'int',
  generation: 'int',
  seen_run_id: 'id?',
  updated_at: 'instant',
} as const;

/** Rows of one folder, as much of them as a listing can be held against. */
export async function indexedInFolder(db: Db, jobId: string, folderKey: Buffer): Promise<IndexedFile[]> {
  const rows = await db
    .selectFrom('synced_files')
    .select(['path_key', 'folder_key', 'size_bytes', 'source_mtime_ms', 'etag', 'updated_at'])
    .where('job_id', '=', jobId)
    .where('folder_key', '=', folderKey)
    .execute();
  return rows.map((row) => ({
    pathKey: row.path_key,
    folderKey: row.folder_key,
    sizeBytes: row.size_bytes,
    mtimeMs: row.source_mtime_ms,
    etag: row.etag,
    updatedAt: row.updated_at,
  }));
}

export async function countIndexed(db: Db, jobId: string): Promise<number> {
  const row = await db
    .selectFrom('synced_files')
    .select((eb) => eb.fn.countAll().as('files'))
    .where('job_id', '=', jobId)
    .executeTakeFirstOrThrow();
  return Number(row.files);
}

/**
 * Takes listed files into the index. A row of equal or newer share time wins over the listing, as a sync may have
 * written it meanwhile; the hash is unknown until it is filled in.
 */
export async function takeListed(
  tx: Db,
  jobId: string,
  runId: string,
  files: readonly ListedFile[],
  now: Date,
): Promise<void> {
  await upsert(tx, 'synced_files', {
    columns: syncedFileColumns,
    rows: files.map((file) => ({
      job_id: jobId,
      path_key: file.pathKey,
      path: file.path,
      source_key: file.sourceKey,
      source_path: file.sourcePath,
      folder_key: file.folderKey,
      size_bytes: file.sizeBytes,
      source_mtime_ms: file.mtimeMs,
      checksum: null,
      etag: file.etag,
      share_modified_at: file.modifiedAt,
      run_id: runId,
      created_at: now,
      updated_at: now,
    })),
    key: ['job_id', 'path_key'],
    update: [
      'path',
      'source_key',
      'source_path',
      'folder_key',
      'size_bytes',
      'source_mtime_ms',
      'checksum',
      'etag',
      'share_modified_at',
      'run_id',
      'updated_at',
    ],
    guard: (eb) => eb('excluded.share_modified_at', '>', eb.ref('existing.share_modified_at')),
  });
}

/** A folder as a reconcile meets it. */
export interface FolderRef {
  readonly folderKey: Buffer;
  readonly folder: string;
}

/** Notes that this reconcile met these folders on the share; harmless in a dry run. */
export async function markFoldersSeen(
  tx: Db,
  jobId: string,
  runId: string,
  folders: readonly FolderRef[],
  now: Date,
): Promise<void> {
  await upsert(tx, 'synced_folders', {
    columns: syncedFolderColumns,
    rows: folders.map(({ folderKey, folder }) => ({
      job_id: jobId,
      folder_key: folderKey,
      folder,
      digest: null,
      file_count: 0,
      generation: 0,
      seen_run_id: runId,
      updated_at: now,
    })),
    key: ['job_id', 'folder_key'],
    update: ['seen_run_id'],
  });
}

/** Replacing or removing a row of a folder ends its digest: the generation rises, so that a claim in flight fails. */
export async function endDigests(
  tx: Db,
  jobId: string,
  folderKeys: readonly Buffer[],
  now: Date,
): Promise<void> {
  for (const batch of batches(folderKeys)) {
    const keys = rowsFrom(
      'ended',
      { folder_key: 'key' },
      batch.map((folder_key) => ({ folder_key })),
    );
    await tx
      .updateTable('synced_folders')
      .set((eb) => ({ digest: null, generation: eb('generation', '+', 1), updated_at: now }))
      .where('job_id', '=', jobId)
      .where('folder_key', 'in', (eb) => eb.selectFrom(keys).select('ended.folder_key'))
      .execute();
  }
}

/** Removes index rows that were not on the share; a row written after `listedAt` stays. Gives how many went. */
export async function removeMissing(
  tx: Db,
  jobId: string,
  pathKeys: readonly Buffer[],
  listedAt: Date,
): Promise<number> {
  let removed = 0;
  for (const batch of batches(pathKeys)) {
    const keys = rowsFrom(
      'missing',
      { path_key: 'key' },
      batch.map((path_key) => ({ path_key })),
    );
    const result = await tx
      .deleteFrom('synced_files')
      .where('job_id', '=', jobId)
      .where('updated_at', '<', listedAt)
      .where('path_key', 'in', (eb) => eb.selectFrom(keys).select('missing.path_key'))
      .executeTakeFirst();
    removed += Number(result.numDeletedRows);
  }
  return removed;
}

/** Index rows in folders that this reconcile never met, a bounded number at a time. */
export async function rowsInUnseenFolders(
  db: Db,
  jobId: string,
  runId: string,
  before: Date,
  limit: number,
): Promise<readonly { pathKey: Buffer; folderKey: Buffer }[]> {
  const rows = await unseen(db, jobId, runId, before)
    .select(['synced_files.path_key', 'synced_files.folder_key'])
    .orderBy('synced_files.path_key')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ pathKey: row.path_key, folderKey: row.folder_key }));
}

export async function countInUnseenFolders(
  db: Db,
  jobId: string,
  runId: string,
  before: Date,
): Promise<number> {
  const row = await unseen(db, jobId, runId, before)
    .select((eb) => eb.fn.countAll().as('files'))
    .executeTakeFirstOrThrow();
  return Number(row.files);
}

function unseen(db: Db, jobId: string, runId: string, before: Date) {
  return db
    .selectFrom('synced_files')
    .where('synced_files.job_id', '=', jobId)
    .where('synced_files.updated_at', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('synced_folders')
            .select('synced_folders.folder_key')
            .whereRef('synced_folders.job_id', '=', 'synced_files.job_id')
            .whereRef('synced_folders.folder_key', '=', 'synced_files.folder_key')
            .where('synced_folders.seen_run_id', '=', runId),
        ),
      ),
    );
}

function batches<T>(items: readonly T[]): T[][] {
  const made: T[][] = [];
  for (let start = 0; start < items.length; start += 1000) made.push(items.slice(start, start + 1000));
  return made;
}
