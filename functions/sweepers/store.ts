import { databaseNow, type Db } from '../platform/database/index.ts';

/**
 * Moments at which ticks of a timer started since `since`, newest first; at most `limit`. Last of all the newest one before
 * that, however long ago: an outage that began earlier ends with the first tick after it.
 */
export async function tickStarts(db: Db, timerName: string, since: Date, limit: number): Promise<Date[]> {
  const ofTimer = () =>
    db
      .selectFrom('timer_ticks')
      .select('started_at')
      .where('timer_name', '=', timerName)
      .orderBy('due_at', 'desc');
  const rows = await ofTimer().where('due_at', '>=', since).limit(limit).execute();
  const before = await ofTimer().where('due_at', '<', since).limit(1).execute();
  return [...rows, ...before].map((row) => row.started_at);
}

export interface QuietRun {
  readonly runId: string;
  readonly version: number;
  /** Since when something should have been heard: its last sign of life, or when its next slice fell due if that was later. */
  readonly silentSince: Date;
}

/** Running runs without a sign of life since `before` that do not wait on purpose; longest silence first. */
export async function quietRuns(db: Db, before: Date, limit: number): Promise<QuietRun[]> {
  const rows = await db
    .selectFrom('sync_runs')
    .select(['id', 'version', 'last_activity_at', 'next_slice_at'])
    .where('status', '=', 'running')
    .where('last_activity_at', '<', before)
    .where((eb) => eb.or([eb('next_slice_at', 'is', null), eb('next_slice_at', '<', before)]))
    .where((eb) => eb.or([eb('lease_until', 'is', null), eb('lease_until', '<', databaseNow())]))
    .orderBy('last_activity_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    runId: row.id,
    version: row.version,
    silentSince: silentSince(row.last_activity_at, row.next_slice_at),
  }));
}

/** A run that slept on purpose owes no sign of life before its time: an outage in which it fell due must not look like its silence. */
export function silentSince(lastActivityAt: Date, nextSliceAt: Date | null): Date {
  return nextSliceAt !== null && nextSliceAt > lastActivityAt ? nextSliceAt : lastActivityAt;
}

export interface UnhashedFile {
  readonly jobId: string;
  readonly pathKey: Buffer;
  readonly path: string;
  readonly etag: string;
  readonly shareName: string;
  readonly sharePath: string;
}

/**
 * Index rows that a reconcile made from a listing, whose hash is not known yet and is due to be looked for; longest due
 * first. Only jobs that were reconciled since `since` are looked through: no other has such rows, and a search through
 * the whole index each minute would be dear.
 */
export async function unhashedFiles(
  db: Db,
  due: { readonly now: Date; readonly since: Date; readonly limit: number },
): Promise<UnhashedFile[]> {
  const rows = await db
    .selectFrom('synced_files')
    .innerJoin('jobs', 'jobs.id', 'synced_files.job_id')
    .select([
      'synced_files.job_id',
      'synced_files.path_key',
      'synced_files.path',
      'synced_files.etag',
      'jobs.share_name',
      'jobs.share_path',
    ])
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('sync_runs')
          .select('sync_runs.id')
          .whereRef('sync_runs.job_id', '=', 'jobs.id')
          .where('sync_runs.sync_type', '=', 'reconcile')
          .where('sync_runs.started_at', '>=', due.since),
      ),
    )
    .where('synced_files.checksum', 'is', null)
    .where('synced_files.updated_at', '<=', due.now)
    .orderBy('synced_files.updated_at')
    .orderBy('synced_files.path_key')
    .limit(due.limit)
    .execute();
  return rows.map((row) => ({
    jobId: row.job_id,
    pathKey: row.path_key,
    path: row.path,
    etag: row.etag,
    shareName: row.share_name,
    sharePath: row.share_path,
  }));
}

/** Fills a hash in, unless the row was written again meanwhile. */
export async function fillChecksum(
  db: Db,
  file: UnhashedFile,
  checksum: string,
  now: Date,
): Promise<boolean> {
  const result = await db
    .updateTable('synced_files')
    .set({ checksum, updated_at: now })
    .where('job_id', '=', file.jobId)
    .where('path_key', '=', file.pathKey)
    .where('etag', '=', file.etag)
    .where('checksum', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** A row that cannot be filled is due again at `until`, so that it keeps no others waiting and costs little. */
export async function postponeChecksum(db: Db, file: UnhashedFile, until: Date): Promise<void> {
  await db
    .updateTable('synced_files')
    .set({ updated_at: until })
    .where('job_id', '=', file.jobId)
    .where('path_key', '=', file.pathKey)
    .where('checksum', 'is', null)
    .execute();
}
