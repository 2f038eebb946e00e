import type { QueryOf } from '../../shared/contract/endpoint.ts';
import type { adminLogs, LogLine } from '../../shared/contract/logs.ts';
import type { Services } from '../platform/services.ts';
import { asBadCursor } from './cursor.ts';
import { lineOfRow, LOG_TABLES } from './lineRows.ts';
import { readStretches, type Stretches } from './readStretches.ts';
import { daysBetween, newestFirst, partitionOf, tableOfWeek } from '../platform/tables/weeks.ts';

type Query = QueryOf<typeof adminLogs>;

const DAY_MS = 24 * 3_600_000;
const DEFAULT_LIMIT = 100;
const ROWS_A_REQUEST = 1000;

/**
 * Lines of one runner's log, newest first: of the last 24 h unless `from` and `to` say otherwise. Reads 30,000 lines at
 * most for one answer.
 */
export async function readLines(
  services: Services,
  query: Query,
): Promise<{ readonly lines: LogLine[]; readonly nextCursor: string | null }> {
  return readStretches(reading(services, query), {
    cursor: query.cursor,
    limit: query.limit ?? DEFAULT_LIMIT,
  });
}

/** How the days of a query are gone through. */
function reading(services: Pick<Services, 'tables' | 'now' | 'settings'>, query: Query): Stretches<LogLine> {
  const { fromMs, toMs } = rangeOf(services, query);
  const days = daysBetween(fromMs, toMs);
  const wanted = query.search?.toLowerCase();
  const conditions = {
    level: query.level?.split(',') ?? [],
    correlationId: query.correlationId === undefined ? [] : [query.correlationId],
  };
  return {
    at: (place) => (place === undefined ? days[0] : days.find((day) => day <= place.dayMs)),
    after: (dayMs) => dayMs - 1,
    page: (dayMs, place, lacking) => {
      const within = place?.dayMs === dayMs ? place : undefined;
      const page = services.tables.rows({
        table: tableOfWeek(LOG_TABLES, dayMs),
        partitionKey: partitionOf(query.runnerId, dayMs),
        from: later(newestFirst(toMs), within?.from),
        before: newestFirst(fromMs - 1),
        equal: conditions,
        limit: wanted === undefined ? Math.min(lacking, ROWS_A_REQUEST) : ROWS_A_REQUEST,
        continuation: within?.continuation,
      });
      return within?.continuation === undefined ? page : page.catch(asBadCursor);
    },
    lineOf: (row) => {
      const line = lineOfRow(query.runnerId, row);
      return wanted === undefined || mentions(line, wanted) ? line : undefined;
    },
  };
}

function mentions({ message, facts }: LogLine, wanted: string): boolean {
  return (
    message.toLowerCase().includes(wanted) ||
    (facts !== null && JSON.stringify(facts).toLowerCase().includes(wanted))
  );
}

/** Nothing is kept for longer than the retention, and nothing is filed a day ahead. */
function rangeOf({ now, settings }: Pick<Services, 'now' | 'settings'>, { from, to }: Query) {
  const nowMs = now().getTime();
  const oldestMs = nowMs - (settings.LOG_RETENTION_DAYS + 7) * DAY_MS;
  const latestMs = nowMs + DAY_MS;
  const toMs = Math.min(to === undefined ? latestMs : Date.parse(to), latestMs);
  const fromMs = from === undefined ? Math.min(toMs, nowMs) - DAY_MS : Date.parse(from);
  return { toMs, fromMs: Math.max(fromMs, oldestMs) };
}

function later(one: string, other: string | undefined): string {
  return other !== undefined && other > one ? other : one;
}
