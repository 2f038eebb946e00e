import type { QueryOf } from '../../shared/contract/endpoint.ts';
import type { adminLogs, LogLine } from '../../shared/contract/logs.ts';
import { BadCursorError } from '../platform/database/index.ts';
import type { Services } from '../platform/services.ts';
import { type RowPage, type TableRow, TablesError } from '../platform/tables/tables.ts';
import { type Place, placeOfCursor, toCursor } from './cursor.ts';
import { lineOfRow, LOG_TABLES } from './lineRows.ts';
import { daysBetween, newestFirst, partitionOf, tableOfWeek } from './weeks.ts';

type Query = QueryOf<typeof adminLogs>;

const DAY_MS = 24 * 3_600_000;
const DEFAULT_LIMIT = 100;
/** Of one answer. What is looked for may be rare: then the page is short, and its cursor goes on from there. */
const MAX_REQUESTS = 30;
const ROWS_A_REQUEST = 1000;

export interface LinesPage {
  readonly lines: LogLine[];
  readonly nextCursor: string | null;
}

/**
 * Lines of one runner's log, newest first: of the last 24 h unless `from` and `to` say otherwise. Reads 30,000 lines at
 * most for one answer; a short or even empty page with a cursor means that there is more to look through.
 */
export async function readLines(services: Services, query: Query): Promise<LinesPage> {
  const { limit = DEFAULT_LIMIT } = query;
  const search = reading(services, query);
  const found: { readonly line: LogLine; readonly after: Place }[] = [];
  let place: Place | undefined = query.cursor === undefined ? undefined : placeOfCursor(query.cursor);
  for (let requests = 0; requests < MAX_REQUESTS && found.length <= limit; requests += 1) {
    const day = search.dayAt(place);
    if (day === undefined) return { lines: found.map(({ line }) => line).slice(0, limit), nextCursor: null };
    const { rows, continuation } = await search.page(day, place, limit + 1 - found.length);
    for (const row of rows) {
      const line = lineOfRow(query.runnerId, row);
      if (search.fits(line)) found.push({ line, after: afterRow(day, row) });
    }
    place = continuation === undefined ? { dayMs: day - 1 } : goingOn(day, rows, continuation);
  }
  const more = found.length > limit ? found[limit - 1]?.after : place;
  return {
    lines: found.slice(0, limit).map(({ line }) => line),
    nextCursor: more === undefined ? null : toCursor(more),
  };
}

/** A key says it too, and is shorter than what the storage names. */
function goingOn(dayMs: number, rows: readonly TableRow[], continuation: string): Place {
  const last = rows.at(-1);
  return last === undefined ? { dayMs, continuation } : afterRow(dayMs, last);
}

/** No key begins with another one: the next one is whatever sorts after this and one more character. */
function afterRow(dayMs: number, row: TableRow): Place {
  return { dayMs, from: `${row.rowKey}~` };
}

/** How the days of a query are gone through. */
function reading(services: Pick<Services, 'tables' | 'now' | 'settings'>, query: Query) {
  const { fromMs, toMs } = rangeOf(services, query);
  const days = daysBetween(fromMs, toMs);
  const wanted = query.search?.toLowerCase();
  const conditions = {
    level: query.level?.split(',') ?? [],
    correlationId: query.correlationId === undefined ? [] : [query.correlationId],
  };
  return {
    /** The newest day that is still to be read. */
    dayAt: (place: Place | undefined): number | undefined =>
      place === undefined ? days[0] : days.find((day) => day <= place.dayMs),
    page: (dayMs: number, place: Place | undefined, lacking: number): Promise<RowPage> => {
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
    fits: ({ message, facts }: LogLine): boolean =>
      wanted === undefined ||
      message.toLowerCase().includes(wanted) ||
      (facts !== null && JSON.stringify(facts).toLowerCase().includes(wanted)),
  };
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

/** The storage did not know the place that the caller named. */
function asBadCursor(error: unknown): never {
  if (error instanceof TablesError && error.kind === 'permanent')
    throw new BadCursorError('the storage does not know it');
  throw error;
}

function later(one: string, other: string | undefined): string {
  return other !== undefined && other > one ? other : one;
}
