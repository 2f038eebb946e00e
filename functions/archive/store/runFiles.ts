import type { Selectable } from 'kysely';
import { isFinal, outcomeNames } from '../../../shared/domain/outcomes.ts';
import { type Db, upsert } from '../../platform/database/index.ts';
import type { SyncRunFilesTable } from '../../platform/database/tables/runs.ts';
import { countRowsOfStates } from './lostFiles.ts';
import type { RunTotals } from './runs.ts';

export type RunFileRow = Selectable<SyncRunFilesTable>;

const columns = {
  run_id: 'id',
  path_key: 'key',
  path: 'text',
  outcome: 'text',
  state: 'text',
  size_bytes: 'bigint?',
  source_mtime_ms: 'bigint?',
  archived_path: 'text?',
  checksum: 'text?',
  bytes_sent: 'bigint',
  attempts: 'int',
  error: 'text?',
  updated_at: 'instant',
} as const;

const facts = [
  'path',
  'outcome',
  'state',
  'size_bytes',
  'source_mtime_ms',
  'archived_path',
  'checksum',
  'bytes_sent',
  'attempts',
  'error',
  'updated_at',
] as const;

const unfinished = ['waiting', 'uploading'] as const;
const finalOutcomes = outcomeNames.filter(isFinal);

/** Files waiting or on their way; one that has its outcome keeps it. */
export async function writeUnfinished(tx: Db, rows: readonly RunFileRow[]): Promise<void> {
  await upsert(tx, 'sync_run_files', {
    columns,
    rows,
    key: ['run_id', 'path_key'],
    update: ['state', 'outcome', 'size_bytes', 'bytes_sent', 'attempts', 'error', 'updated_at'],
    guard: (eb) => eb('existing.state', 'in', unfinished),
  });
}

/** Files that compare asked for; whatever is known of one already stays. */
export async function writeWaiting(tx: Db, rows: readonly RunFileRow[]): Promise<void> {
  await upsert(tx, 'sync_run_files', { columns, rows, key: ['run_id', 'path_key'], update: [] });
}

/**
 * What became of files. Messages may come twice and in any order, so of two outcomes of one file what is archived or lost
 * stands over anything else, of these the newer source over the older, and of one source what is archived; of others one
 * that is final over one that is tried again, and otherwise the one after more attempts.
 */
export async function writeOutcomes(tx: Db, rows: readonly RunFileRow[]): Promise<void> {
  await upsert(tx, 'sync_run_files', {
    columns,
    rows,
    key: ['run_id', 'path_key'],
    update: facts,
    guard: (eb) => {
      const isDecided = (of: 'existing' | 'excluded') =>
        eb.or([eb(`${of}.state`, '=', 'archived'), eb(`${of}.outcome`, '=', 'vanished')]);
      const sourceMs = (of: 'existing' | 'excluded') => eb.fn.coalesce(`${of}.source_mtime_ms`, eb.lit(0));
      const isFinalOf = (of: 'existing' | 'excluded', is: 'in' | 'not in') =>
        eb(`${of}.outcome`, is, finalOutcomes);
      return eb.or([
        eb('existing.state', 'in', unfinished),
        eb.and([isDecided('excluded'), eb.not(isDecided('existing'))]),
        eb.and([
          isDecided('excluded'),
          isDecided('existing'),
          eb.or([
            eb(sourceMs('excluded'), '>', sourceMs('existing')),
            eb.and([
              eb(sourceMs('excluded'), '=', sourceMs('existing')),
              eb.or([eb('excluded.state', '=', 'archived'), eb('existing.outcome', '=', 'vanished')]),
            ]),
          ]),
        ]),
        eb.and([
          eb.not(isDecided('existing')),
          eb.not(isDecided('excluded')),
          eb.or([
            eb.and([isFinalOf('existing', 'not in'), isFinalOf('excluded', 'in')]),
            eb.and([
              eb.or([isFinalOf('existing', 'not in'), isFinalOf('excluded', 'in')]),
              eb('excluded.attempts', '>=', eb.ref('existing.attempts')),
            ]),
          ]),
        ]),
      ]);
    },
  });
}

export interface CountedRun extends RunTotals {
  /** Files that have their outcome. */
  readonly finished: number;
  /** Files that have a row at all. */
  readonly known: number;
}

/** The totals of a run, counted. A file of which an earlier state was lost counts by each state, and is finished once. */
export async function countRun(db: Db, runId: string): Promise<CountedRun> {
  const rows = await db
    .selectFrom('sync_run_files')
    .select((eb) => [
      'state',
      eb.fn.countAll<number>().as('files'),
      eb.fn.sum<number | null>('size_bytes').as('bytes'),
    ])
    .where('run_id', '=', runId)
    .groupBy('state')
    .execute();
  const filesIn = (state: string) => rows.find((row) => row.state === state)?.files ?? 0;
  const [filesArchived, filesSkipped, filesFailed] = ['archived', 'skipped', 'failed'].map(filesIn) as [
    number,
    number,
    number,
  ];
  const bytesArchived = rows.find((row) => row.state === 'archived')?.bytes ?? 0;
  const finished = filesArchived + filesSkipped + filesFailed - (await countRowsOfStates(db, runId));
  const known = finished + filesIn('waiting') + filesIn('uploading');
  return { filesArchived, filesSkipped, filesFailed, bytesArchived, finished, known };
}

/** Files without an outcome, oldest source first. */
export async function unfinishedPaths(db: Db, runId: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('sync_run_files')
    .select('path')
    .where('run_id', '=', runId)
    .where('state', 'in', unfinished)
    .orderBy('source_mtime_ms')
    .orderBy('path_key')
    .limit(limit)
    .execute();
  return rows.map((row) => row.path);
}
