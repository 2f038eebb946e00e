import { databaseNow, type Db } from '../../platform/database/index.ts';
import { silentSince } from '../store.ts';

export interface RunWithRunningStep {
  readonly runId: string;
  readonly version: number;
  readonly silentSince: Date;
  /** On purpose: its next slice is due later, or somebody holds its lease. */
  readonly isWaiting: boolean;
}

/** Running runs with a running step, the longest silent first. */
export async function readRunsWithRunningStep(
  db: Db,
  now: Date,
  limit: number,
): Promise<RunWithRunningStep[]> {
  const rows = await db
    .selectFrom('sync_runs')
    .select((eb) => [
      'id',
      'version',
      'last_activity_at',
      'next_slice_at',
      eb.case().when('lease_until', '>', databaseNow()).then(1).else(0).end().as('is_leased'),
    ])
    .where('status', '=', 'running')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('sync_steps')
          .select('sync_steps.step')
          .whereRef('sync_steps.run_id', '=', 'sync_runs.id')
          .where('sync_steps.status', '=', 'running'),
      ),
    )
    .orderBy('last_activity_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    runId: row.id,
    version: row.version,
    silentSince: silentSince(row.last_activity_at, row.next_slice_at),
    isWaiting: row.is_leased === 1 || (row.next_slice_at !== null && row.next_slice_at > now),
  }));
}
