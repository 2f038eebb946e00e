import type { QueryOf } from '../../../../shared/contract/endpoint.ts';
import { type runs, runStatus } from '../../../../shared/contract/fleet.ts';
import type { RunsSearch } from '../../app/search.ts';
import { endOfDay, startOfDay } from '../../format/days.ts';

const ROWS = 50;

type RunsQuery = QueryOf<typeof runs>;

/** What to ask the server for what the URL says; a word that is no status or day is left out. */
export function runsQuery(search: RunsSearch): RunsQuery {
  const status = runStatus.options.find((known) => known === search.status);
  const from = search.from === undefined ? undefined : startOfDay(search.from);
  const to = search.to === undefined ? undefined : endOfDay(search.to);
  return {
    limit: ROWS,
    ...(search.q === undefined ? {} : { prefix: search.q.slice(0, 100) }),
    ...(search.type === undefined ? {} : { syncType: search.type.slice(0, 100) }),
    ...(search.runner === undefined ? {} : { runnerId: search.runner }),
    ...(search.after === undefined ? {} : { cursor: search.after }),
    ...(status === undefined ? {} : { status }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}
