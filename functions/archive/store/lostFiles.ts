import type { Selectable } from 'kysely';
import { type Db, insertIfAbsent, rowsFrom } from '../../platform/database/index.ts';
import type { LostFilesTable } from '../../platform/database/tables/archive.ts';

export type LostFileRow = Selectable<LostFilesTable>;

const columns = {
  job_id: 'id',
  state_key: 'key',
  path_key: 'key',
  path: 'text',
  size_bytes: 'bigint?',
  source_mtime_ms: 'bigint?',
  run_id: 'id',
  lost_at: 'instant',
} as const;

/** Keeps losses of which no run of their job has told, and gives these. The run's row is locked by the caller. */
export async function keepLosses(
  tx: Db,
  runId: string,
  rows: readonly LostFileRow[],
): Promise<LostFileRow[]> {
  const keys = rows.map((row) => row.state_key);
  const before = await keptByRun(tx, runId, keys);
  await insertIfAbsent(tx, 'lost_files', { columns, rows, key: ['job_id', 'state_key'] });
  const after = await keptByRun(tx, runId, keys);
  return rows.filter(({ state_key }) => {
    const key = state_key.toString('hex');
    return after.has(key) && !before.has(key);
  });
}

async function keptByRun(db: Db, runId: string, stateKeys: readonly Buffer[]): Promise<ReadonlySet<string>> {
  const asked = stateKeys.map((state_key) => ({ state_key }));
  const rows = await db
    .selectFrom(rowsFrom('asked', { state_key: 'key' }, asked))
    .innerJoin('lost_files', 'lost_files.state_key', 'asked.state_key')
    .select('lost_files.state_key')
    .where('lost_files.run_id', '=', runId)
    .execute();
  return new Set(rows.map((row) => row.state_key.toString('hex')));
}

/** Losses of the run where its row of the file tells of another, later state. */
export async function lossesBehindLaterStates(db: Db, runId: string): Promise<LostFileRow[]> {
  return db
    .selectFrom('lost_files')
    .innerJoin('sync_run_files', (join) =>
      join
        .onRef('sync_run_files.run_id', '=', 'lost_files.run_id')
        .onRef('sync_run_files.path_key', '=', 'lost_files.path_key'),
    )
    .selectAll('lost_files')
    .where('lost_files.run_id', '=', runId)
    .where((eb) => {
      const differs = (column: 'size_bytes' | 'source_mtime_ms') =>
        eb(
          eb.fn.coalesce(`sync_run_files.${column}`, eb.lit(0)),
          '<>',
          eb.fn.coalesce(`lost_files.${column}`, eb.lit(0)),
        );
      return eb.or([differs('size_bytes'), differs('source_mtime_ms')]);
    })
    .execute();
}

/** How many rows a run has for lost states beside those of its files. */
export async function countRowsOfStates(db: Db, runId: string): Promise<number> {
  const { states } = await db
    .selectFrom('lost_files')
    .innerJoin('sync_run_files', (join) =>
      join
        .onRef('sync_run_files.run_id', '=', 'lost_files.run_id')
        .onRef('sync_run_files.path_key', '=', 'lost_files.state_key'),
    )
    .select((eb) => eb.fn.countAll<number>().as('states'))
    .where('lost_files.run_id', '=', runId)
    .executeTakeFirstOrThrow();
  return states;
}
