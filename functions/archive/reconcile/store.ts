import { folderOf } from '../../../shared/domain/relativePath.ts';
import { type Db, rowsFrom, upsert } from '../../platform/database/index.ts';
import { BATCH_ROWS, type Folder } from '../store/folders.ts';
import { isNewerState } from '../store/shareState.ts';
import { upsertIndex } from '../store/stateIndex.ts';
import type { IndexedFile, ListedFile } from './difference.ts';

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
    .select(['path_key', 'size_bytes', 'source_mtime_ms', 'etag'])
    .where('job_id', '=', jobId)
    .where('folder_key', '=', folderKey)
    .execute();
  return rows.map((row) => ({
    pathKey: row.path_key,
    sizeBytes: row.size_bytes,
    mtimeMs: row.source_mtime_ms,
    etag: row.etag,
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
 * Takes listed files into the index; the hash is unknown until it is filled in. Where a row is there, the listing wins
 * only if it shows a newer state: a sync may have written the row meanwhile, and knows the hash.
 */
export async function takeListed(
  tx: Db,
  jobId: string,
  runId: string,
  files: readonly ListedFile[],
  now: Date,
): Promise<void> {
  const rows = files.map((file) => ({ ...file, checksum: null, shareModifiedAt: file.modifiedAt }));
  await upsertIndex(tx, { jobId, runId }, rows, now, () =>
    isNewerState({ is: 'excluded', than: 'existing' }),
  );
}

/** Removes rows that are still as they were read: one that was written since stays. Gives how many went. */
export async function removeAsRead(tx: Db, jobId: string, rows: readonly IndexedFile[]): Promise<number> {
  let removed = 0;
  for (let start = 0; start < rows.length; start += BATCH_ROWS) {
    const sent = rowsFrom(
      'read_rows',
      { path_key: 'key', etag: 'text' },
      rows.slice(start, start + BATCH_ROWS).map((row) => ({ path_key: row.pathKey, etag: row.etag })),
    );
    const result = await tx
      .deleteFrom('synced_files')
      .where('job_id', '=', jobId)
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom(sent)
            .select('read_rows.path_key')
            .whereRef('read_rows.path_key', '=', 'synced_files.path_key')
            .whereRef('read_rows.etag', '=', 'synced_files.etag'),
        ),
      )
      .executeTakeFirst();
    removed += Number(result.numDeletedRows);
  }
  return removed;
}

/** Notes that this reconcile looked at these folders; harmless in a dry run. */
export async function markFoldersSeen(
  tx: Db,
  jobId: string,
  runId: string,
  folders: readonly Folder[],
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

/** The next folder, by key, that holds rows of the index and that this reconcile has not looked at; undefined after the last. */
export async function nextUnseenFolder(
  db: Db,
  jobId: string,
  runId: string,
  after: Buffer | undefined,
): Promise<Folder | undefined> {
  let query = db
    .selectFrom('synced_files')
    .select(['synced_files.folder_key', 'synced_files.source_path'])
    .where('synced_files.job_id', '=', jobId)
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
  if (after !== undefined) query = query.where('synced_files.folder_key', '>', after);
  const row = await query.orderBy('synced_files.folder_key').limit(1).executeTakeFirst();
  return row === undefined ? undefined : { folderKey: row.folder_key, folder: folderOf(row.source_path) };
}

/** Where the other jobs of a share put their files. */
export async function placesOfOtherJobs(
  db: Db,
  job: { readonly id: string; readonly shareName: string },
): Promise<string[]> {
  const rows = await db
    .selectFrom('jobs')
    .select('share_path')
    .where('share_name', '=', job.shareName)
    .where('id', '<>', job.id)
    .execute();
  return rows.map((row) => row.share_path);
}
