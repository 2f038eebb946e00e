import type { Db } from '../../platform/database/index.ts';

const ENDED = ['complete', 'partial', 'failed', 'stale', 'terminated'] as const;

/** Ended file syncs of before `before` that still have rows for their files; oldest first. */
export async function runsWithFiles(db: Db, before: Date, limit: number): Promise<string[]> {
  const rows = await endedRuns(db, before)
    .select('sync_runs.id')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('sync_run_files')
          .select('sync_run_files.run_id')
          .whereRef('sync_run_files.run_id', '=', 'sync_runs.id'),
      ),
    )
    .orderBy('sync_runs.last_activity_at')
    .orderBy('sync_runs.id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

export async function countFilesOfEndedRuns(db: Db, before: Date): Promise<number> {
  const row = await endedRuns(db, before)
    .innerJoin('sync_run_files', 'sync_run_files.run_id', 'sync_runs.id')
    .select((eb) => eb.fn.countAll<number>().as('files'))
    .executeTakeFirstOrThrow();
  return row.files;
}

function endedRuns(db: Db, before: Date) {
  return db
    .selectFrom('sync_runs')
    .where('sync_runs.sync_type', '=', 'file_sync')
    .where('sync_runs.status', 'in', ENDED)
    .where('sync_runs.last_activity_at', '<', before)
    .where('sync_runs.ended_at', '<', before);
}
