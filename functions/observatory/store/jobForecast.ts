import { sql } from 'kysely';
import type { Db } from '../../platform/database/index.ts';
import type { JobRow } from './jobs.ts';

export async function readJobRow(
  db: Db,
  job: { readonly organizationId: string; readonly runnerId: string; readonly jobId: string },
): Promise<JobRow | undefined> {
  return db
    .selectFrom('jobs')
    .selectAll()
    .where('id', '=', job.jobId)
    .where('runner_id', '=', job.runnerId)
    .where('organization_id', '=', job.organizationId)
    .executeTakeFirst();
}

/** What the state index holds of a job: all, since the snapshot, and of the last minutes; in one look. */
export async function readArchivedSince(
  db: Db,
  jobId: string,
  moments: { readonly snapshotAt: Date | null; readonly lateSince: Date },
) {
  const { snapshotAt, lateSince } = moments;
  const row = await db
    .selectFrom('synced_files')
    .select((eb) => {
      const since = (at: Date) => eb('share_modified_at', '>=', at);
      const bytesSince = (at: Date) =>
        eb.fn.sum<number | null>(eb.case().when(since(at)).then(eb.ref('size_bytes')).else(sql.lit(0)).end());
      const snapshot = snapshotAt ?? new Date(0);
      return [
        eb.fn.countAll<number>().as('archived_files'),
        eb.fn.sum<number | null>('size_bytes').as('archived_bytes'),
        eb.fn.count<number>('path_key').filterWhere(since(snapshot)).as('since_snapshot_files'),
        bytesSince(snapshot).as('since_snapshot_bytes'),
        eb.fn.count<number>('path_key').filterWhere(since(lateSince)).as('late_files'),
        bytesSince(lateSince).as('late_bytes'),
      ];
    })
    .where('job_id', '=', jobId)
    .executeTakeFirstOrThrow();
  return {
    archivedFiles: row.archived_files,
    archivedBytes: row.archived_bytes ?? 0,
    sinceSnapshotFiles: row.since_snapshot_files,
    sinceSnapshotBytes: row.since_snapshot_bytes ?? 0,
    lateFiles: row.late_files,
    lateBytes: row.late_bytes ?? 0,
  };
}
