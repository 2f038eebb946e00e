import { sql } from 'kysely';
import { bySql, type Db, rowsFrom, upsert } from '../../platform/database/index.ts';
import { BATCH_ROWS } from './folders.ts';
import { isNotOlderState } from './shareState.ts';

/** A source file as a manifest names it, and as the index holds it. */
export interface NamedFile {
  readonly sourceKeyHex: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

/**
 * The key as text, made by the database: for tens of thousands of rows, cheaper than as bytes. As bytes on SQL Server:
 * not every T-SQL server makes hex of them.
 */
const sourceKeyHex = bySql<string | Buffer>({
  postgres: sql`encode(synced_files.source_key, 'hex')`,
  mssql: sql`synced_files.source_key`,
}).as('source_key_hex');

function hexOf(key: string | Buffer): string {
  return typeof key === 'string' ? key : key.toString('hex');
}

/**
 * All that the index holds of these folders, or undefined when that is more than `limit` rows. Reading a folder
 * once costs a quarter of looking up its files by name.
 */
export async function holdingsOfFolders(
  db: Db,
  jobId: string,
  folderKeys: readonly Buffer[],
  limit: number,
): Promise<NamedFile[] | undefined> {
  const holdings: NamedFile[] = [];
  for (let start = 0; start < folderKeys.length; start += BATCH_ROWS) {
    const asked = folderKeys.slice(start, start + BATCH_ROWS).map((folder_key) => ({ folder_key }));
    const rows = await db
      .selectFrom(rowsFrom('asked', { folder_key: 'key' }, asked))
      .innerJoin('synced_files', 'synced_files.folder_key', 'asked.folder_key')
      .select([sourceKeyHex, 'synced_files.size_bytes', 'synced_files.source_mtime_ms'])
      .where('synced_files.job_id', '=', jobId)
      .limit(limit - holdings.length + 1)
      .execute();
    for (const { source_key_hex, size_bytes, source_mtime_ms } of rows) {
      holdings.push({ sourceKeyHex: hexOf(source_key_hex), sizeBytes: size_bytes, mtimeMs: source_mtime_ms });
    }
    if (holdings.length > limit) return undefined;
  }
  return holdings;
}

/** What the index holds of these files and no others; for folders that hold far more than was asked about. */
export async function holdingsOfFiles(
  db: Db,
  jobId: string,
  files: readonly NamedFile[],
): Promise<NamedFile[]> {
  const holdings: NamedFile[] = [];
  for (let start = 0; start < files.length; start += BATCH_ROWS) {
    const asked = files
      .slice(start, start + BATCH_ROWS)
      .map((file) => ({ source_key: Buffer.from(file.sourceKeyHex, 'hex') }));
    const rows = await db
      .selectFrom(rowsFrom('asked', { source_key: 'key' }, asked))
      .innerJoin('synced_files', 'synced_files.source_key', 'asked.source_key')
      .select([sourceKeyHex, 'synced_files.size_bytes', 'synced_files.source_mtime_ms'])
      .where('synced_files.job_id', '=', jobId)
      .execute();
    for (const { source_key_hex, size_bytes, source_mtime_ms } of rows) {
      holdings.push({ sourceKeyHex: hexOf(source_key_hex), sizeBytes: size_bytes, mtimeMs: source_mtime_ms });
    }
  }
  return holdings;
}

/** A whole file on the share, as its agent reports it. */
export interface ArchivedFile {
  readonly pathKey: Buffer;
  readonly path: string;
  readonly sourceKey: Buffer;
  readonly sourcePath: string;
  readonly folderKey: Buffer;
  readonly folder: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly checksum: string;
  readonly etag: string;
  readonly shareModifiedAt: Date;
}

/** A place in the index that files would change. */
export interface ChangedPlace {
  readonly pathKey: Buffer;
  /** What the row that is there belongs to; undefined for a place that is new. */
  readonly replaces: { readonly folderKey: Buffer; readonly sourcePath: string } | undefined;
}

/** Places that these files would add or replace with something else; rows that the share changed later stay, and are not among them. */
export async function changedPlaces(
  tx: Db,
  jobId: string,
  files: readonly ArchivedFile[],
): Promise<ChangedPlace[]> {
  const sent = rowsFrom(
    'sent',
    {
      path_key: 'key',
      source_key: 'key',
      size_bytes: 'bigint',
      source_mtime_ms: 'bigint',
      checksum: 'text',
      etag: 'text',
      share_modified_at: 'instant',
    },
    files.map((file) => ({
      path_key: file.pathKey,
      source_key: file.sourceKey,
      size_bytes: file.sizeBytes,
      source_mtime_ms: file.mtimeMs,
      checksum: file.checksum,
      etag: file.etag,
      share_modified_at: file.shareModifiedAt,
    })),
  );
  const rows = await tx
    .selectFrom(sent)
    .leftJoin('synced_files', (join) =>
      join.onRef('synced_files.path_key', '=', 'sent.path_key').on('synced_files.job_id', '=', jobId),
    )
    .select(['sent.path_key', 'synced_files.folder_key', 'synced_files.source_path'])
    .where((eb) =>
      eb.or([
        eb('synced_files.path_key', 'is', null),
        eb.and([
          isNotOlderState({ is: 'sent', than: 'synced_files' }),
          eb.or([
            eb('synced_files.source_key', '<>', eb.ref('sent.source_key')),
            eb('synced_files.size_bytes', '<>', eb.ref('sent.size_bytes')),
            eb('synced_files.source_mtime_ms', '<>', eb.ref('sent.source_mtime_ms')),
            eb('synced_files.checksum', '<>', eb.ref('sent.checksum')),
          ]),
        ]),
      ]),
    )
    .execute();
  return rows.map(({ path_key, folder_key, source_path }) => ({
    pathKey: path_key,
    replaces:
      folder_key === null || source_path === null
        ? undefined
        : { folderKey: folder_key, sourcePath: source_path },
  }));
}

/**
 * Takes archived files into the index. A row that the share changed later than the result says stays: old results
 * replayed late never undo newer ones.
 */
export async function writeIndex(
  tx: Db,
  sync: IndexWriter,
  files: readonly ArchivedFile[],
  at: Date,
): Promise<void> {
  await upsertIndex(tx, sync, files, at, () => isNotOlderState({ is: 'excluded', than: 'existing' }));
}

/** The job whose index is written, and the run that writes it. */
interface IndexWriter {
  readonly jobId: string;
  readonly runId: string;
}

/** Writes rows of the index, of syncs and of reconciles; `guard` says where one that is there gives way. */
export async function upsertIndex(
  tx: Db,
  { jobId, runId }: IndexWriter,
  files: readonly (Omit<ArchivedFile, 'checksum' | 'folder'> & { readonly checksum: string | null })[],
  at: Date,
  guard: () => ReturnType<typeof isNotOlderState>,
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
      checksum: file.checksum,
      etag: file.etag,
      share_modified_at: file.shareModifiedAt,
      run_id: runId,
      created_at: at,
      updated_at: at,
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
    guard,
  });
}

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
