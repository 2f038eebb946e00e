import type { Selectable } from 'kysely';
import type { SourceFacts } from '../../../shared/domain/purgeForecast.ts';
import type { JobsTable } from '../database/tables/fleet.ts';
import type { SeenPeak } from './peaks.ts';

export type SourceColumns = Pick<
  Selectable<JobsTable>,
  | 'schedule_seconds'
  | 'source_cap'
  | 'source_count'
  | 'counted_by_instrument'
  | 'source_reported_at'
  | 'backlog_count'
  | 'backlog_bytes'
  | 'purge_ahead'
  | 'produced_last_hour'
  | 'produced_last_day'
  | 'produced_peak_hour'
  | 'upload_bytes_per_second'
  | 'upload_files_per_hour'
>;

/** What the purge forecast rests on, as a job's row and the remembered peaks have it. */
export function sourceFactsOf(row: SourceColumns, peak: SeenPeak | undefined): SourceFacts {
  return {
    scheduleSeconds: row.schedule_seconds,
    measuredAt: row.source_reported_at,
    sourceCap: row.source_cap,
    sourceCount: row.source_count,
    countedByInstrument: row.counted_by_instrument,
    backlogCount: row.backlog_count,
    backlogBytes: row.backlog_bytes,
    purgeAhead: row.purge_ahead,
    producedLastHour: row.produced_last_hour,
    producedLastDay: row.produced_last_day,
    producedPeakHour: row.produced_peak_hour,
    seenPeakHour: peak?.perHour ?? null,
    seenPeakDay: peak?.perDay ?? null,
    seenWeeks: peak?.weeks ?? null,
    uploadBytesPerSecond: row.upload_bytes_per_second,
    uploadFilesPerHour: row.upload_files_per_hour,
  };
}
