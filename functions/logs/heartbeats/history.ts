import type { Services } from '../../platform/services.ts';
import { daysBetween, newestFirst, partitionOf, tableOfWeek } from '../../platform/tables/weeks.ts';
import { HEARTBEAT_TABLES, type HeartbeatPoint, pointOfRow } from './points.ts';

const ROWS_A_REQUEST = 1000;
const MAX_REQUESTS = 100;

export interface HistoryQuery {
  readonly runnerId: string;
  readonly jobId: string;
  readonly from: Date;
  readonly to: Date;
  /** At least 2. */
  readonly maxPoints: number;
}

/**
 * How a job was over time, oldest first, thinned evenly to `maxPoints`; the first and the last stay. Reads 100,000
 * heartbeats at most, the newest. Rejects with `TablesError` when the storage does not answer.
 */
export async function heartbeatHistory(
  { tables }: Pick<Services, 'tables'>,
  query: HistoryQuery,
): Promise<HeartbeatPoint[]> {
  const [fromMs, toMs] = [query.from.getTime(), query.to.getTime()];
  const points: HeartbeatPoint[] = [];
  let requests = 0;
  for (const day of daysBetween(fromMs, toMs)) {
    let continuation: string | undefined;
    do {
      if (requests >= MAX_REQUESTS) return thinned(points.reverse(), query.maxPoints);
      requests += 1;
      const page = await tables.rows({
        table: tableOfWeek(HEARTBEAT_TABLES, day),
        partitionKey: partitionOf(query.runnerId, day),
        from: newestFirst(toMs),
        before: newestFirst(fromMs - 1),
        limit: ROWS_A_REQUEST,
        continuation,
      });
      for (const row of page.rows) {
        const point = pointOfRow(row, query.jobId);
        if (point !== undefined) points.push(point);
      }
      ({ continuation } = page);
    } while (continuation !== undefined);
  }
  return thinned(points.reverse(), query.maxPoints);
}

function thinned(points: readonly HeartbeatPoint[], most: number): HeartbeatPoint[] {
  if (points.length <= most) return [...points];
  const step = (points.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => points[Math.round(index * step)]).filter(
    (point) => point !== undefined,
  );
}
