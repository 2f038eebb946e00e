import type { Selectable } from 'kysely';
import type { Db } from '../database/index.ts';
import type { SyncRunsTable } from '../database/tables/runs.ts';
import { runColumns } from './runColumns.ts';
import type { WriteContext } from './writing.ts';

export type RunRow = Selectable<SyncRunsTable>;

/** The database does not hold the run that was to be written to. */
export class RunGone extends Error {
  override readonly name = 'RunGone';

  constructor(runId: string) {
    super(`Cannot write to run ${runId}: there is no such run`);
  }
}

/**
 * Takes the run's row until the transaction ends, so that everything about one run is written by one writer at a time,
 * and moves its sign of life. The first statement of every transaction that writes to a run. Throws `RunGone`.
 */
export async function lockRun(tx: Db, runId: string, context: WriteContext): Promise<RunRow> {
  const row = await tx
    .updateTable('sync_runs')
    .set((eb) => ({
      last_activity_at: context.at,
      updated_at: context.at,
      version: eb('version', '+', 1),
    }))
    .where('id', '=', runId)
    .returning(runColumns)
    .executeTakeFirst();
  if (row === undefined) throw new RunGone(runId);
  return row;
}
