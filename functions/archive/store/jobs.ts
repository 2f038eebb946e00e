import type { Insertable, Selectable, Updateable } from 'kysely';
import { claim, type Db } from '../../platform/database/index.ts';
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
  return jobsOfRunners(db, [runnerId]);
}

/** Each runner's by name. */
export async function jobsOfRunners(db: Db, runnerIds: readonly string[]): Promise<JobRow[]> {
  return db.selectFrom('jobs').selectAll().where('runner_id', 'in', runnerIds).orderBy('name').execute();
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
