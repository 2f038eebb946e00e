import { type Db, rowsFrom } from '../../platform/database/index.ts';
import { BATCH_ROWS } from '../store/folders.ts';

/** A folder as the index knows it, with its seal. */
export interface FolderRow {
  readonly folderKey: Buffer;
  readonly folder: string;
  readonly digest: string | null;
  readonly fileCount: number;
  readonly changedAt: Date;
  readonly provedAt: Date | null;
  readonly sealedAt: Date | null;
  readonly sealedBy: string | null;
}

function foldersWithSeals(db: Db, jobId: string) {
  return db
    .selectFrom('synced_folders')
    .leftJoin('sealed_folders', (join) =>
      join
        .onRef('sealed_folders.job_id', '=', 'synced_folders.job_id')
        .onRef('sealed_folders.folder_key', '=', 'synced_folders.folder_key'),
    )
    .select([
      'synced_folders.folder_key',
      'synced_folders.folder',
      'synced_folders.digest',
      'synced_folders.file_count',
      'synced_folders.changed_at',
      'synced_folders.updated_at',
      'synced_folders.proved_at',
      'sealed_folders.sealed_at',
      'sealed_folders.sealed_by',
    ])
    .where('synced_folders.job_id', '=', jobId);
}

type SelectedFolder = Awaited<ReturnType<ReturnType<typeof foldersWithSeals>['execute']>>[number];

function folderRow(row: SelectedFolder): FolderRow {
  return {
    folderKey: row.folder_key,
    folder: row.folder,
    digest: row.digest,
    fileCount: row.file_count,
    changedAt: row.changed_at ?? row.updated_at,
    provedAt: row.proved_at,
    sealedAt: row.sealed_at,
    sealedBy: row.sealed_by,
  };
}

export async function findFolder(db: Db, jobId: string, folderKey: Buffer): Promise<FolderRow | undefined> {
  const row = await foldersWithSeals(db, jobId)
    .where('synced_folders.folder_key', '=', folderKey)
    .executeTakeFirst();
  return row === undefined ? undefined : folderRow(row);
}

/** Folders of a job, the last by name first: of date folders the newest. */
export async function listFolders(db: Db, jobId: string, limit: number): Promise<FolderRow[]> {
  const rows = await foldersWithSeals(db, jobId)
    .orderBy('synced_folders.folder', 'desc')
    .limit(limit)
    .execute();
  return rows.map(folderRow);
}

export async function countFolders(db: Db, jobId: string): Promise<{ folders: number; sealed: number }> {
  const [known, sealed] = await Promise.all(
    (['synced_folders', 'sealed_folders'] as const).map((table) =>
      db
        .selectFrom(table)
        .select((eb) => eb.fn.countAll().as('rows'))
        .where('job_id', '=', jobId)
        .executeTakeFirstOrThrow(),
    ),
  );
  return { folders: Number(known?.rows ?? 0), sealed: Number(sealed?.rows ?? 0) };
}

/** What an agent hears of: the folders sealed last. One that is left out costs its agent a full look, nothing else. */
export async function sealedFoldersOf(
  db: Db,
  jobId: string,
  limit: number,
): Promise<{ folder: string; fileCount: number }[]> {
  const rows = await db
    .selectFrom('sealed_folders')
    .select(['folder', 'file_count'])
    .where('job_id', '=', jobId)
    .orderBy('sealed_at', 'desc')
    .orderBy('folder_key')
    .limit(limit)
    .execute();
  return rows.map(({ folder, file_count }) => ({ folder, fileCount: file_count }));
}

export interface NewSeal {
  readonly jobId: string;
  readonly folderKey: Buffer;
  readonly folder: string;
  readonly fileCount: number;
  /** The run that proved it. */
  readonly runId: string | null;
  readonly sealedAt: Date;
  readonly sealedBy: string;
}

export async function insertSeal(tx: Db, seal: NewSeal): Promise<void> {
  await tx
    .insertInto('sealed_folders')
    .values({
      job_id: seal.jobId,
      folder_key: seal.folderKey,
      folder: seal.folder,
      file_count: seal.fileCount,
      run_id: seal.runId,
      sealed_at: seal.sealedAt,
      sealed_by: seal.sealedBy,
    })
    .execute();
}

/** Takes seals away and gives the folders that had one. */
export async function deleteSeals(
  tx: Db,
  jobId: string,
  folders: readonly { readonly folderKey: Buffer }[],
): Promise<{ folderKey: Buffer; folder: string }[]> {
  const deleted: { folderKey: Buffer; folder: string }[] = [];
  for (let start = 0; start < folders.length; start += BATCH_ROWS) {
    const named = rowsFrom(
      'named',
      { folder_key: 'key' },
      folders.slice(start, start + BATCH_ROWS).map(({ folderKey }) => ({ folder_key: folderKey })),
    );
    const rows = await tx
      .deleteFrom('sealed_folders')
      .where('job_id', '=', jobId)
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom(named)
            .select('named.folder_key')
            .whereRef('named.folder_key', '=', 'sealed_folders.folder_key'),
        ),
      )
      .returning(['folder_key', 'folder'])
      .execute();
    for (const { folder_key, folder } of rows) deleted.push({ folderKey: folder_key, folder });
  }
  return deleted;
}

/** The run of a job that began at that moment; null when it is no longer kept. */
export async function runBegunAt(db: Db, jobId: string, begunAt: Date): Promise<string | null> {
  const row = await db
    .selectFrom('sync_runs')
    .select('id')
    .where('job_id', '=', jobId)
    .where('sync_type', '=', 'file_sync')
    .where('started_at', '=', begunAt)
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? null;
}

export async function organizationOfJob(db: Db, jobId: string): Promise<string> {
  const row = await db
    .selectFrom('jobs')
    .select('organization_id')
    .where('id', '=', jobId)
    .executeTakeFirstOrThrow();
  return row.organization_id;
}

/** An unsealed folder of a geometry job whose latest proof is younger than its latest change. */
export interface SealCandidate {
  readonly jobId: string;
  readonly timeZone: string;
  readonly row: Pick<FolderRow, 'folderKey' | 'folder' | 'digest' | 'changedAt' | 'provedAt'>;
}

/**
 * Candidates in the order of their keys, which is no order at all, from `from` on. Asked from another place each time,
 * every folder has its turn, however many there are that may never be sealed.
 */
export async function sealCandidates(
  db: Db,
  question: { readonly from: Buffer; readonly below?: Buffer; readonly limit: number },
): Promise<SealCandidate[]> {
  let query = db
    .selectFrom('synced_folders')
    .innerJoin('jobs', 'jobs.id', 'synced_folders.job_id')
    .innerJoin('runners', 'runners.id', 'jobs.runner_id')
    .select([
      'synced_folders.job_id',
      'synced_folders.folder_key',
      'synced_folders.folder',
      'synced_folders.digest',
      'synced_folders.changed_at',
      'synced_folders.updated_at',
      'synced_folders.proved_at',
      'runners.time_zone',
    ])
    .where('jobs.kind', '=', 'geometry')
    .where('synced_folders.digest', 'is not', null)
    .where((eb) =>
      eb(
        'synced_folders.proved_at',
        '>',
        eb.fn.coalesce('synced_folders.changed_at', 'synced_folders.updated_at'),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('sealed_folders')
            .select('sealed_folders.folder_key')
            .whereRef('sealed_folders.job_id', '=', 'synced_folders.job_id')
            .whereRef('sealed_folders.folder_key', '=', 'synced_folders.folder_key'),
        ),
      ),
    )
    .where('synced_folders.folder_key', '>=', question.from);
  if (question.below !== undefined) query = query.where('synced_folders.folder_key', '<', question.below);
  const rows = await query
    .orderBy('synced_folders.folder_key')
    .orderBy('synced_folders.job_id')
    .limit(question.limit)
    .execute();
  return rows.map((row) => ({
    jobId: row.job_id,
    timeZone: row.time_zone,
    row: {
      folderKey: row.folder_key,
      folder: row.folder,
      digest: row.digest,
      changedAt: row.changed_at ?? row.updated_at,
      provedAt: row.proved_at,
    },
  }));
}
