import { containsText, type Db, page } from '../../platform/database/index.ts';
import type { SyncRunsTable } from '../../platform/database/tables/runs.ts';
import { selectRunSummaries } from '../../platform/runs/index.ts';

export interface RunFilter {
  readonly organizationId: string;
  readonly prefix?: string | undefined;
  readonly syncType?: string | undefined;
  readonly status?: SyncRunsTable['status'] | undefined;
  readonly runnerId?: string | undefined;
  readonly jobId?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** Above every id that begins with a prefix: ids are plain letters, and compared by code point. */
const LAST = '\uFFFF';

/**
 * One page of runs, newest first; with a prefix by id, the highest first: ids hold the kind and then the time, so within a
 * kind that is the newest first too, and a prefix of what is long past is found without reading all that came after it. Days
 * that narrow it as well need no such help, and keep the order of time.
 * Throws BadCursorError.
 */
export async function pageOfRuns(
  db: Db,
  filter: RunFilter,
  at: { readonly cursor?: string | undefined; readonly limit: number },
) {
  const { prefix, syncType, status, runnerId, jobId, from, to } = filter;
  let query = selectRunSummaries(db).where('sync_runs.organization_id', '=', filter.organizationId);
  const hasPrefix = prefix !== undefined && prefix !== '';
  const byId = hasPrefix && from === undefined && to === undefined;
  if (hasPrefix) {
    query = query.where('sync_runs.id', '>=', prefix).where('sync_runs.id', '<', `${prefix}${LAST}`);
  }
  if (syncType !== undefined) query = query.where('sync_runs.sync_type', '=', syncType);
  if (status !== undefined) query = query.where('sync_runs.status', '=', status);
  if (runnerId !== undefined) query = query.where('sync_runs.runner_id', '=', runnerId);
  if (jobId !== undefined) query = query.where('sync_runs.job_id', '=', jobId);
  if (from !== undefined) query = query.where('sync_runs.started_at', '>=', from);
  if (to !== undefined) query = query.where('sync_runs.started_at', '<=', to);
  return page(query, {
    order: [
      ...(byId
        ? []
        : ([
            { column: 'started_at', from: 'sync_runs.started_at', type: 'instant', direction: 'desc' },
          ] as const)),
      { column: 'id', from: 'sync_runs.id', type: 'text', direction: 'desc' },
    ],
    ...at,
  });
}

/** Files of a run as a person asks for them. */
export interface FileFilter {
  readonly runId: string;
  readonly state?: 'waiting' | 'uploading' | 'archived' | 'skipped' | 'failed' | undefined;
  /** Part of a path; upper and lower case count as the same. */
  readonly search?: string | undefined;
}

/** One page of a run's files by path. Throws BadCursorError. */
export async function pageOfFiles(
  db: Db,
  filter: FileFilter,
  at: { readonly cursor?: string | undefined; readonly limit: number },
) {
  let query = db
    .selectFrom('sync_run_files')
    .select([
      'path_key',
      'path',
      'outcome',
      'state',
      'size_bytes',
      'source_mtime_ms',
      'archived_path',
      'checksum',
      'attempts',
      'error',
      'updated_at',
    ])
    .where('run_id', '=', filter.runId);
  if (filter.state !== undefined) query = query.where('state', '=', filter.state);
  if (filter.search !== undefined && filter.search !== '') {
    query = query.where(containsText('path', filter.search));
  }
  return page(query, {
    order: [
      { column: 'path', type: 'text', direction: 'asc' },
      { column: 'path_key', type: 'key', direction: 'asc' },
    ],
    ...at,
  });
}

const MAX_IN_FLIGHT = 50;

/** Files on their way and those that come next, of live runs: of one run, or of all of a runner. */
export async function readInFlight(
  db: Db,
  of: { readonly organizationId: string; readonly runId?: string; readonly runnerId?: string },
) {
  let query = db
    .selectFrom('sync_run_files')
    .innerJoin('sync_runs', 'sync_runs.id', 'sync_run_files.run_id')
    .select([
      'sync_run_files.run_id',
      'sync_run_files.path',
      'sync_run_files.state',
      'sync_run_files.size_bytes',
      'sync_run_files.bytes_sent',
      'sync_run_files.attempts',
      'sync_run_files.error',
    ])
    .where('sync_runs.organization_id', '=', of.organizationId)
    .where('sync_runs.status', '=', 'running')
    .where('sync_run_files.state', 'in', ['uploading', 'waiting']);
  if (of.runId !== undefined) query = query.where('sync_runs.id', '=', of.runId);
  if (of.runnerId !== undefined) query = query.where('sync_runs.runner_id', '=', of.runnerId);
  return query
    .orderBy('sync_run_files.state') // uploading before waiting
    .orderBy('sync_run_files.source_mtime_ms')
    .orderBy('sync_run_files.path_key')
    .limit(MAX_IN_FLIGHT)
    .execute();
}

export type InFlightRow = Awaited<ReturnType<typeof readInFlight>>[number];
