import type { QueryOf } from '../../../../shared/contract/endpoint.ts';
import { type adminLogs, logLevel } from '../../../../shared/contract/logs.ts';
import type { LogsSearch } from '../../app/search.ts';

const ROWS = 200;
const levels = logLevel.options;

/** What to ask the server for what the URL says; undefined until an instrument is chosen. */
export function logsQuery(search: LogsSearch): QueryOf<typeof adminLogs> | undefined {
  if (search.runner === undefined) return undefined;
  const level = levelsFrom(search.level);
  const from = instantOf(search.from);
  const to = instantOf(search.to);
  return {
    runnerId: search.runner,
    limit: ROWS,
    ...(level === undefined ? {} : { level }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(search.correlation === undefined ? {} : { correlationId: search.correlation.slice(0, 100) }),
    ...(search.q === undefined ? {} : { search: search.q.slice(0, 200) }),
    ...(search.after === undefined ? {} : { cursor: search.after }),
  };
}

/** New lines can come only to the newest page of a time that is not over. */
export function isTail(search: LogsSearch): boolean {
  return search.after === undefined && instantOf(search.to) === undefined;
}

/** `Warning` → `Warning,Error`: the level and what is worse. The lowest one asks for all. */
function levelsFrom(lowest: string | undefined): string | undefined {
  const index = levels.findIndex((level) => level === lowest);
  return index <= 0 ? undefined : levels.slice(index).join(',');
}

/** The instant as the server takes it; undefined for what is none. */
function instantOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const parsed = new Date(text);
  return Number.isNaN(parsed.getTime()) ? undefined : parsed.toISOString();
}
