import { type Db, insertIfAbsent, rowsFrom, upsert } from '../../platform/database/index.ts';

const columns = {
  job_id: 'id',
  folder_key: 'key',
  folder: 'text',
  digest: 'text?',
  file_count: 'int',
  generation: 'int',
  updated_at: 'instant',
  changed_at: 'instant?',
  proved_at: 'instant?',
} as const;

/** Rows a statement: the bound of `rowsFrom`. */
export const BATCH_ROWS = 1000;

export interface KnownFolder {
  readonly digest: string | null;
  readonly generation: number;
  /** When the folder last gained or lost a row, or was unsealed. */
  readonly changedAt: Date;
  /** Beginning of the newest run that found the digest equal, as far as that was written down. */
  readonly provedAt: Date | null;
}

/** What is known of these folders, by their key in hex; folders that are not known are missing. */
export async function knownFolders(
  db: Db,
  jobId: string,
  folders: readonly { readonly folderKey: Buffer }[],
): Promise<Map<string, KnownFolder>> {
  const known = new Map<string, KnownFolder>();
  for (let start = 0; start < folders.length; start += BATCH_ROWS) {
    const asked = folders
      .slice(start, start + BATCH_ROWS)
      .map(({ folderKey }) => ({ folder_key: folderKey }));
    const rows = await db
      .selectFrom(rowsFrom('asked', { folder_key: 'key' }, asked))
      .innerJoin('synced_folders', 'synced_folders.folder_key', 'asked.folder_key')
      .select([
        'synced_folders.folder_key',
        'synced_folders.digest',
        'synced_folders.generation',
        'synced_folders.changed_at',
        'synced_folders.updated_at',
        'synced_folders.proved_at',
      ])
      .where('synced_folders.job_id', '=', jobId)
      .execute();
    for (const row of rows) {
      known.set(row.folder_key.toString('hex'), {
        digest: row.digest,
        generation: row.generation,
        changedAt: row.changed_at ?? row.updated_at,
        provedAt: row.proved_at,
      });
    }
  }
  return known;
}

export interface Folder {
  readonly folderKey: Buffer;
  readonly folder: string;
}

/** A row that only makes the folder known. */
function newRow(jobId: string, { folderKey, folder }: Folder, at: Date) {
  return {
    job_id: jobId,
    folder_key: folderKey,
    folder,
    digest: null,
    file_count: 0,
    generation: 0,
    updated_at: at,
    changed_at: null,
    proved_at: null,
  };
}

/**
 * Makes the rows of folders that have none, so that whoever removes or replaces a row of the index finds a generation
 * to raise. Needed before the index is read for a digest; in a transaction of its own.
 */
export async function ensureFolders(
  db: Db,
  jobId: string,
  folders: readonly Folder[],
  at: Date,
): Promise<void> {
  await insertIfAbsent(db, 'synced_folders', {
    columns,
    rows: folders.map((folder) => newRow(jobId, folder, at)),
    key: ['job_id', 'folder_key'],
  });
}

export interface ProvenDigest extends Folder {
  readonly digest: string;
  readonly fileCount: number;
  /** As read before the index was looked at. */
  readonly generation: number;
  /** Beginning of the run that proves it. */
  readonly provedAt: Date;
}

/**
 * Records digests by compare-and-set on the generation: where a row of the folder was removed or replaced after the
 * index was looked at, nothing is recorded. In one statement a batch.
 */
export async function recordDigests(
  db: Db,
  jobId: string,
  proven: readonly ProvenDigest[],
  at: Date,
): Promise<void> {
  await upsert(db, 'synced_folders', {
    columns,
    rows: proven.map((each) => ({
      ...newRow(jobId, each, at),
      digest: each.digest,
      file_count: each.fileCount,
      generation: each.generation,
      changed_at: at,
      proved_at: each.provedAt,
    })),
    key: ['job_id', 'folder_key'],
    update: ['digest', 'file_count', 'updated_at', 'proved_at'],
    guard: (eb) => eb('existing.generation', '=', eb.ref('excluded.generation')),
  });
}

/** Writes down that a run begun at `provedAt` found these digests equal; a folder whose digest is another by now stays as it is. */
export async function recordProofs(
  db: Db,
  jobId: string,
  proved: readonly (Folder & { readonly digest: string })[],
  { provedAt, at }: { readonly provedAt: Date; readonly at: Date },
): Promise<void> {
  await upsert(db, 'synced_folders', {
    columns,
    rows: proved.map((each) => ({
      ...newRow(jobId, each, at),
      digest: each.digest,
      proved_at: provedAt,
    })),
    key: ['job_id', 'folder_key'],
    update: ['proved_at'],
    guard: (eb) => eb('existing.digest', '=', eb.ref('excluded.digest')),
  });
}

/** Notes that folders gained or lost rows of the index, or were unsealed: only what is proved anew may be sealed again. */
export async function markChanged(
  tx: Db,
  jobId: string,
  folders: readonly Folder[],
  at: Date,
): Promise<void> {
  await upsert(tx, 'synced_folders', {
    columns,
    rows: folders.map((folder) => ({ ...newRow(jobId, folder, at), changed_at: at })),
    key: ['job_id', 'folder_key'],
    update: ['changed_at'],
  });
}

/**
 * Ends the digests of folders of which a row is replaced or removed: the generation rises, so that a digest on its way
 * fails. Part of the transaction that changes the index. A folder that was not known is from now on.
 */
export async function raiseGenerations(
  tx: Db,
  jobId: string,
  folders: readonly Folder[],
  at: Date,
): Promise<void> {
  await upsert(tx, 'synced_folders', {
    columns,
    rows: folders.map((folder) => ({ ...newRow(jobId, folder, at), generation: 1 })),
    key: ['job_id', 'folder_key'],
    update: ['digest', 'updated_at'],
    set: (eb) => ({ generation: eb('existing.generation', '+', 1) }),
  });
}
