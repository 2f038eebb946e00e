import type { Selectable, Updateable } from 'kysely';
import { claim, type Db, withLock } from '../../platform/database/index.ts';
import type { EnrolmentsTable } from '../../platform/database/tables/fleet.ts';

export type EnrolmentRow = Selectable<EnrolmentsTable>;

/** One at a time joins the queue, asks again or is decided on: an agent that asks again is no rival of who decides. */
export async function whileNoneAsks<T>(db: Db, fn: (tx: Db) => Promise<T>): Promise<T> {
  return withLock(db, 'enrolments', fn);
}

export async function findEnrolmentByKey(db: Db, keyHash: string): Promise<EnrolmentRow | undefined> {
  return db.selectFrom('enrolments').selectAll().where('key_hash', '=', keyHash).executeTakeFirst();
}

export async function findEnrolment(
  db: Db,
  organizationId: string,
  enrolmentId: string,
): Promise<EnrolmentRow | undefined> {
  return db
    .selectFrom('enrolments')
    .selectAll()
    .where('id', '=', enrolmentId)
    .where('organization_id', '=', organizationId)
    .executeTakeFirst();
}

export async function insertEnrolment(
  db: Db,
  row: Omit<EnrolmentRow, 'proposed_jobs_json'> & Pick<Updateable<EnrolmentsTable>, 'proposed_jobs_json'>,
): Promise<void> {
  const { proposed_jobs_json: jobs, ...rest } = row;
  if (jobs === undefined) throw new TypeError('Cannot store an enrolment without its proposed jobs');
  await db
    .insertInto('enrolments')
    .values({ ...rest, proposed_jobs_json: jobs })
    .execute();
}

/** By compare-and-set on the version read; undefined when a rival was first. */
export async function updateEnrolment(
  db: Db,
  enrolment: Pick<EnrolmentRow, 'id' | 'version'>,
  set: Omit<Updateable<EnrolmentsTable>, 'version'>,
): Promise<EnrolmentRow | undefined> {
  return claim(db, 'enrolments', { key: { id: enrolment.id }, version: enrolment.version, set });
}

/** Rows that stand in the queue; after `expirePending`, none of them has run out. */
export async function countPending(db: Db, organizationId: string): Promise<number> {
  const row = await db
    .selectFrom('enrolments')
    .select((eb) => eb.fn.countAll<number>().as('pending'))
    .where('organization_id', '=', organizationId)
    .where('status', '=', 'pending')
    .executeTakeFirstOrThrow();
  return row.pending;
}

/** Marks what has run out; nobody waits for it. */
export async function expirePending(db: Db, now: Date): Promise<void> {
  await db
    .updateTable('enrolments')
    .set((eb) => ({ status: 'expired', version: eb('version', '+', 1) }))
    .where('status', '=', 'pending')
    .where('expires_at', '<=', now)
    .execute();
}

/** Ends every earlier agent of this runner: its key answers `runner-superseded` from now on. */
export async function supersedeEarlier(tx: Db, runnerId: string, keptEnrolmentId: string): Promise<void> {
  await tx
    .updateTable('enrolments')
    .set((eb) => ({ status: 'superseded', version: eb('version', '+', 1) }))
    .where('runner_id', '=', runnerId)
    .where('status', '=', 'approved')
    .where('id', '<>', keptEnrolmentId)
    .execute();
}

/** The pending page: who waits, longest first, with the runner that it asks for. */
export async function listPending(db: Db, organizationId: string, now: Date, limit: number) {
  return db
    .selectFrom('enrolments')
    .leftJoin('runners', 'runners.id', 'enrolments.replaces_runner_id')
    .selectAll('enrolments')
    .select([
      'runners.name as replaced_name',
      'runners.last_heartbeat as replaced_heartbeat',
      'runners.key_hash as replaced_key',
    ])
    .where('enrolments.organization_id', '=', organizationId)
    .where('enrolments.status', '=', 'pending')
    .where('enrolments.expires_at', '>', now)
    .orderBy('enrolments.created_at')
    .orderBy('enrolments.id')
    .limit(limit)
    .execute();
}
