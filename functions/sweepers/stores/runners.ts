import type { Db } from '../../platform/database/index.ts';

/** More than one platform serves. */
const MAX_RUNNERS = 20_000;

/** Every active runner that was heard of at least once, of all organizations. */
export async function readHeardRunners(db: Db) {
  const rows = await db
    .selectFrom('runners')
    .leftJoin('runner_groups', 'runner_groups.id', 'runners.group_id')
    .select([
      'runners.id',
      'runners.organization_id',
      'runners.name',
      'runners.group_id',
      'runner_groups.name as group_name',
      'runners.share_name',
      'runners.last_heartbeat',
      'runners.azure_files_status',
      'runners.clock_offset_ms',
    ])
    .where('runners.status', '=', 'active')
    .where('runners.last_heartbeat', 'is not', null)
    .orderBy('runners.organization_id')
    .orderBy('runners.name')
    .orderBy('runners.id')
    .limit(MAX_RUNNERS)
    .execute();
  return rows.flatMap(({ last_heartbeat: lastHeartbeatAt, ...row }) =>
    lastHeartbeatAt === null ? [] : [{ ...row, lastHeartbeatAt }],
  );
}

export type HeardRunner = Awaited<ReturnType<typeof readHeardRunners>>[number];
