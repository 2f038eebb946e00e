import type { Insertable, Selectable, Updateable } from 'kysely';
import { claim, type Db, rowsFrom } from '../../platform/database/index.ts';
import type { JobsTable } from '../../platform/database/tables/fleet.ts';

export type JobRow = Selectable<JobsTable>;

/** A job of this very runner, or undefined: another runner's job is as unknown as one that is not there. */
export async function findJob(
  db: Db,
  owner: { readonly organizationId: string; readonly runnerId: string },
  jobId: string,
): Promise<JobRow | undefined> {
  return db
    .selectFrom('jobs')
    .selectAll()
    .where('id', '=', jobId)
    .where('runner_id', '=', owner.runnerId)
    .where('organization_id', '=', owner.organizationId)
    .executeTakeFirst();
}

export async function jobsOfRunner(db: Db, runnerId: string): Promise<JobRow[]> {
  return db.selectFrom('jobs').selectAll().where('runner_id', '=', runnerId).orderBy('name').execute();
}

export async function insertJob(tx: Db, row: Insertable<JobsTable>): Promise<void> {
  await tx.insertInto('jobs').values(row).execute();
}

/** By compare-and-set on the version read; undefined when a rival was first. */
export async function updateJobRow(
  db: Db,
  job: Pick<JobRow, 'id' | 'version'>,
  set: Omit<Updateable<JobsTable>, 'version'>,
): Promise<JobRow | undefined> {
  return claim(db, 'jobs', { key: { id: job.id }, version: job.version, set });
}

/** What an agent counts on a job's source. */
export interface SourceGauge {
  readonly jobId: string;
  readonly sourceCount: number;
  readonly sourceBytes: number;
  readonly backlogCount: number;
  readonly backlogBytes: number;
  readonly oldestUnsyncedMs: number | null;
}

/** Stores the gauges of a heartbeat, in one statement; jobs of other runners stay as they are. */
export async function storeGauges(
  db: Db,
  runnerId: string,
  gauges: readonly SourceGauge[],
  at: Date,
): Promise<void> {
  if (gauges.length === 0) return;
  const reported = rowsFrom(
    'reported',
    {
      job_id: 'id',
      source_count: 'int',
      source_bytes: 'bigint',
      backlog_count: 'int',
      backlog_bytes: 'bigint',
      oldest_unsynced_ms: 'bigint?',
    },
    gauges.map((gauge) => ({
      job_id: gauge.jobId,
      source_count: gauge.sourceCount,
      source_bytes: gauge.sourceBytes,
      backlog_count: gauge.backlogCount,
      backlog_bytes: gauge.backlogBytes,
      oldest_unsynced_ms: gauge.oldestUnsyncedMs,
    })),
  );
  await db
    .updateTable('jobs')
    .from(reported)
    .set((eb) => ({
      source_count: eb.ref('reported.source_count'),
      source_bytes: eb.ref('reported.source_bytes'),
      backlog_count: eb.ref('reported.backlog_count'),
      backlog_bytes: eb.ref('reported.backlog_bytes'),
      oldest_unsynced_ms: eb.ref('reported.oldest_unsynced_ms'),
      source_reported_at: at,
    }))
    .whereRef('jobs.id', '=', 'reported.job_id')
    .where('jobs.runner_id', '=', runnerId)
    .execute();
}
