import { REMEMBERED_WEEKS } from '../../../shared/domain/purgePace.ts';
import { type Db, upsert } from '../database/index.ts';

/** The fullest hour and 24 h of a job's source. */
export interface ProductionPeak {
  readonly perHour: number;
  readonly perDay: number;
}

/** As they are remembered. */
export interface SeenPeak extends ProductionPeak {
  /** How many weeks ago the first of those that count was kept. */
  readonly weeks: number;
}

const WEEK_MS = 7 * 24 * 3_600_000;

export const weekOf = (at: Date): number => Math.floor(at.getTime() / WEEK_MS);

/** The peaks of the last four weeks and the present one, by job. */
export async function readPeaks(
  db: Db,
  now: Date,
  scope: { readonly organizationId?: string | undefined; readonly runnerId?: string | undefined } = {},
): Promise<Map<string, SeenPeak>> {
  const rows = await db
    .selectFrom('production_peaks')
    .innerJoin('jobs', 'jobs.id', 'production_peaks.job_id')
    .select((eb) => [
      'production_peaks.job_id',
      eb.fn.max('production_peaks.peak_hour').as('per_hour'),
      eb.fn.max('production_peaks.peak_day').as('per_day'),
      eb.fn.min('production_peaks.week').as('first_week'),
    ])
    .where('production_peaks.week', '>=', weekOf(now) - REMEMBERED_WEEKS)
    .$if(scope.organizationId !== undefined, (query) =>
      query.where('jobs.organization_id', '=', scope.organizationId ?? ''),
    )
    .$if(scope.runnerId !== undefined, (query) => query.where('jobs.runner_id', '=', scope.runnerId ?? ''))
    .groupBy('production_peaks.job_id')
    .execute();
  const seenOf = (row: (typeof rows)[number]): SeenPeak => ({
    perHour: row.per_hour,
    perDay: row.per_day,
    weeks: weekOf(now) - row.first_week,
  });
  return new Map(rows.map((row) => [row.job_id, seenOf(row)]));
}

export interface CountedProduction extends ProductionPeak {
  readonly jobId: string;
}

/** Remembers what agents counted, where it is more than the present week's; gives how many rows that changed. */
export async function rememberPeaks(
  db: Db,
  counted: readonly CountedProduction[],
  now: Date,
): Promise<number> {
  return upsert(db, 'production_peaks', {
    columns: { job_id: 'id', week: 'int', peak_hour: 'int', peak_day: 'int' } as const,
    rows: counted.map(({ jobId, perHour, perDay }) => ({
      job_id: jobId,
      week: weekOf(now),
      peak_hour: perHour,
      peak_day: perDay,
    })),
    key: ['job_id', 'week'],
    update: [],
    set: (eb) => ({
      peak_hour: eb
        .case()
        .when('excluded.peak_hour', '>', eb.ref('existing.peak_hour'))
        .then(eb.ref('excluded.peak_hour'))
        .else(eb.ref('existing.peak_hour'))
        .end(),
      peak_day: eb
        .case()
        .when('excluded.peak_day', '>', eb.ref('existing.peak_day'))
        .then(eb.ref('excluded.peak_day'))
        .else(eb.ref('existing.peak_day'))
        .end(),
    }),
    guard: (eb) =>
      eb.or([
        eb('excluded.peak_hour', '>', eb.ref('existing.peak_hour')),
        eb('excluded.peak_day', '>', eb.ref('existing.peak_day')),
      ]),
  });
}
