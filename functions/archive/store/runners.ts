import type { Insertable, Selectable, Updateable } from 'kysely';
import { claim, type Db } from '../../platform/database/index.ts';
import type { RunnersTable } from '../../platform/database/tables/fleet.ts';

export type RunnerRow = Selectable<RunnersTable>;

export async function findRunner(
  db: Db,
  organizationId: string,
  runnerId: string,
): Promise<RunnerRow | undefined> {
  return db
    .selectFrom('runners')
    .selectAll()
    .where('id', '=', runnerId)
    .where('organization_id', '=', organizationId)
    .executeTakeFirst();
}

/** Ids of runners are unique over all organizations, and so are their shares. */
export async function takenRunnerNames(
  db: Db,
): Promise<{ readonly ids: ReadonlySet<string>; readonly shares: ReadonlySet<string> }> {
  const rows = await db.selectFrom('runners').select(['id', 'share_name']).execute();
  return { ids: new Set(rows.map((row) => row.id)), shares: new Set(rows.map((row) => row.share_name)) };
}

export async function insertRunner(tx: Db, row: Insertable<RunnersTable>): Promise<void> {
  await tx.insertInto('runners').values(row).execute();
}

/** By compare-and-set on the version read; undefined when a rival was first. */
export async function updateRunner(
  tx: Db,
  runner: Pick<RunnerRow, 'id' | 'version'>,
  set: Omit<Updateable<RunnersTable>, 'version'>,
): Promise<RunnerRow | undefined> {
  return claim(tx, 'runners', { key: { id: runner.id }, version: runner.version, set });
}

export type HeartbeatSet = Pick<
  Updateable<RunnersTable>,
  | 'agent_version'
  | 'host_name'
  | 'platform'
  | 'time_zone'
  | 'address'
  | 'last_heartbeat'
  | 'active_jobs'
  | 'azure_files_status'
  | 'clock_offset_ms'
  | 'heartbeat_json'
>;

/**
 * Stores a heartbeat if the live process of this key speaks, in one statement: the usual case. Undefined: another
 * nonce than the live one, or the key has lost its runner.
 */
export async function storeHeartbeat(
  db: Db,
  agent: { readonly runnerId: string; readonly generation: number; readonly nonce: string },
  set: HeartbeatSet,
): Promise<RunnerRow | undefined> {
  return db
    .updateTable('runners')
    .set(set)
    .where('id', '=', agent.runnerId)
    .where('generation', '=', agent.generation)
    .where('instance_nonce', '=', agent.nonce)
    .returningAll()
    .executeTakeFirst();
}

export async function storeCredentialExpiry(db: Db, runnerId: string, expiresAt: Date): Promise<void> {
  await db
    .updateTable('runners')
    .set({ credential_expires_at: expiresAt })
    .where('id', '=', runnerId)
    .execute();
}
