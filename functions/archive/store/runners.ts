import type { Insertable, Selectable, Updateable } from 'kysely';
import { claim, type Db, type JsonText, rowsFrom } from '../../platform/database/index.ts';
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

/** What a heartbeat changes of its runner. */
export interface HeartbeatSet {
  readonly agent_version: string;
  readonly host_name: string;
  readonly platform: string;
  readonly time_zone: string;
  readonly address: string;
  readonly last_heartbeat: Date;
  readonly active_jobs: number;
  readonly azure_files_status: string;
  readonly clock_offset_ms: number;
  readonly heartbeat_json: JsonText;
}

/** What the live process of a runner says of itself. */
export interface SaidHeartbeat {
  readonly runnerId: string;
  readonly generation: number;
  readonly nonce: string;
  readonly set: HeartbeatSet;
}

const heartbeatColumns = {
  runner_id: 'id',
  generation: 'int',
  nonce: 'text',
  agent_version: 'text',
  host_name: 'text',
  platform: 'text',
  time_zone: 'text',
  address: 'text',
  last_heartbeat: 'instant',
  active_jobs: 'int',
  azure_files_status: 'text',
  clock_offset_ms: 'bigint',
  heartbeat_json: 'json',
} as const;

/**
 * Stores heartbeats, one a runner, of those whose live process speaks, in one statement: the usual case. Gives the rows of
 * these; missing: another nonce than the live one, or the key has lost its runner.
 */
export async function storeHeartbeats(
  db: Db,
  said: readonly SaidHeartbeat[],
): Promise<Map<string, RunnerRow>> {
  const rows = said.map(({ runnerId, generation, nonce, set }) => ({
    runner_id: runnerId,
    generation,
    nonce,
    ...set,
  }));
  const stored = await db
    .updateTable('runners')
    .from(rowsFrom('said', heartbeatColumns, rows))
    .set((eb) => ({
      agent_version: eb.ref('said.agent_version'),
      host_name: eb.ref('said.host_name'),
      platform: eb.ref('said.platform'),
      time_zone: eb.ref('said.time_zone'),
      address: eb.ref('said.address'),
      last_heartbeat: eb.ref('said.last_heartbeat'),
      active_jobs: eb.ref('said.active_jobs'),
      azure_files_status: eb.ref('said.azure_files_status'),
      clock_offset_ms: eb.ref('said.clock_offset_ms'),
      heartbeat_json: eb.ref('said.heartbeat_json').$castTo<JsonText>(),
    }))
    .whereRef('runners.id', '=', 'said.runner_id')
    .whereRef('runners.generation', '=', 'said.generation')
    .whereRef('runners.instance_nonce', '=', 'said.nonce')
    .returningAll('runners')
    .execute();
  return new Map(stored.map((row) => [row.id, row]));
}

export async function storeCredentialExpiry(db: Db, runnerId: string, expiresAt: Date): Promise<void> {
  await db
    .updateTable('runners')
    .set({ credential_expires_at: expiresAt })
    .where('id', '=', runnerId)
    .execute();
}
