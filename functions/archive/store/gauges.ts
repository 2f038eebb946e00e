import { type Db, rowsFrom } from '../../platform/database/index.ts';

/** What an agent counts on a job's source; what older agents leave out is undefined. */
export interface SourceGauge {
  readonly jobId: string;
  readonly sourceCount: number;
  readonly sourceBytes: number;
  readonly countedByInstrument?: number | undefined;
  readonly backlogCount: number;
  readonly backlogBytes: number;
  readonly oldestUnsyncedMs: number | null;
  readonly purgeAhead?: number | null | undefined;
  readonly producedLastHour?: number | undefined;
  readonly producedLastDay?: number | undefined;
  readonly producedPeakHour?: number | undefined;
  readonly measuredSecondsAgo?: number | undefined;
  readonly uploadBytesPerSecond?: number | null | undefined;
  readonly uploadFilesPerHour?: number | null | undefined;
}

/** What a heartbeat counts, each job once. */
export interface RunnerGauges {
  readonly runnerId: string;
  readonly gauges: readonly SourceGauge[];
  readonly at: Date;
}

const columns = {
  runner_id: 'id',
  job_id: 'id',
  source_count: 'int',
  source_bytes: 'bigint',
  counted_by_instrument: 'int?',
  backlog_count: 'int',
  backlog_bytes: 'bigint',
  oldest_unsynced_ms: 'bigint?',
  source_reported_at: 'instant',
  purge_ahead: 'int?',
  produced_last_hour: 'int?',
  produced_last_day: 'int?',
  produced_peak_hour: 'int?',
  upload_bytes_per_second: 'bigint?',
  upload_files_per_hour: 'int?',
} as const;

/** Rows a statement. */
const BATCH_ROWS = 1000;

/**
 * Stores the gauges of heartbeats, one a runner; jobs of other runners stay as they are. An agent that counted before
 * and now says nothing but zeroes has only just started: what it counted before stands, with its age, since an empty source
 * would look safe.
 */
export async function storeGauges(db: Db, heartbeats: readonly RunnerGauges[]): Promise<void> {
  const rows = heartbeats.flatMap(({ runnerId, gauges, at }) =>
    gauges.map((gauge) => rowOf(runnerId, gauge, at)),
  );
  for (let start = 0; start < rows.length; start += BATCH_ROWS) {
    await storeRows(db, rows.slice(start, start + BATCH_ROWS));
  }
}

async function storeRows(db: Db, rows: readonly ReturnType<typeof rowOf>[]): Promise<void> {
  const reported = rowsFrom('reported', columns, rows);
  await db
    .updateTable('jobs')
    .from(reported)
    .set((eb) => ({
      source_count: eb.ref('reported.source_count'),
      source_bytes: eb.ref('reported.source_bytes'),
      counted_by_instrument: eb.ref('reported.counted_by_instrument'),
      backlog_count: eb.ref('reported.backlog_count'),
      backlog_bytes: eb.ref('reported.backlog_bytes'),
      oldest_unsynced_ms: eb.ref('reported.oldest_unsynced_ms'),
      source_reported_at: eb.ref('reported.source_reported_at'),
      purge_ahead: eb.ref('reported.purge_ahead'),
      produced_last_hour: eb.ref('reported.produced_last_hour'),
      produced_last_day: eb.ref('reported.produced_last_day'),
      produced_peak_hour: eb.ref('reported.produced_peak_hour'),
      upload_bytes_per_second: eb.ref('reported.upload_bytes_per_second'),
      upload_files_per_hour: eb.ref('reported.upload_files_per_hour'),
    }))
    .whereRef('jobs.id', '=', 'reported.job_id')
    .whereRef('jobs.runner_id', '=', 'reported.runner_id')
    .where((eb) =>
      eb.or([
        eb('reported.source_count', '>', 0),
        eb('reported.produced_last_hour', 'is not', null),
        eb('jobs.produced_last_hour', 'is', null),
      ]),
    )
    .execute();
}

function rowOf(runnerId: string, gauge: SourceGauge, at: Date) {
  return {
    runner_id: runnerId,
    job_id: gauge.jobId,
    source_count: gauge.sourceCount,
    source_bytes: gauge.sourceBytes,
    counted_by_instrument: gauge.countedByInstrument ?? null,
    backlog_count: gauge.backlogCount,
    backlog_bytes: gauge.backlogBytes,
    oldest_unsynced_ms: gauge.oldestUnsyncedMs,
    source_reported_at: new Date(at.getTime() - (gauge.measuredSecondsAgo ?? 0) * 1000),
    purge_ahead: gauge.purgeAhead ?? null,
    produced_last_hour: gauge.producedLastHour ?? null,
    produced_last_day: gauge.producedLastDay ?? null,
    produced_peak_hour: gauge.producedPeakHour ?? null,
    upload_bytes_per_second: gauge.uploadBytesPerSecond ?? null,
    upload_files_per_hour: gauge.uploadFilesPerHour ?? null,
  };
}
