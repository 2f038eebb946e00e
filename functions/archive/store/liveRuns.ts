import type { Db } from '../../platform/database/index.ts';

/**
 * Moves the sign of life of this runner's live runs: those of the jobs it says are active, and those whose files are
 * in flight; and of their running steps. Gives the ids of the runs. The version rises, so that a sweeper that looked
 * before leaves them alone.
 */
export async function touchLiveRuns(
  tx: Db,
  runnerId: string,
  named: { readonly jobIds: readonly string[]; readonly runIds: readonly string[] },
  at: Date,
): Promise<string[]> {
  const rows = await tx
    .updateTable('sync_runs')
    .set((eb) => ({ last_activity_at: at, version: eb('version', '+', 1) }))
    .where('runner_id', '=', runnerId)
    .where('status', '=', 'running')
    .where((eb) =>
      eb.or([
        ...isAnyOf(eb('live_key', 'in', named.jobIds), named.jobIds),
        ...isAnyOf(eb('id', 'in', named.runIds), named.runIds),
      ]),
    )
    .returning('id')
    .execute();
  const runIds = rows.map((row) => row.id);
  if (runIds.length > 0) {
    await tx
      .updateTable('sync_steps')
      .set({ last_activity_at: at })
      .where('run_id', 'in', runIds)
      .where('status', '=', 'running')
      .execute();
  }
  return runIds;
}

/** SQL has no empty list. */
function isAnyOf<Expression>(expression: Expression, values: readonly string[]): Expression[] {
  return values.length === 0 ? [] : [expression];
}
