import type { QueryOf } from '../../../../shared/contract/endpoint.ts';
import { runId } from '../../../../shared/contract/fields.ts';
import type { changes } from '../../../../shared/contract/workflows.ts';
import type { ChangesSearch } from '../../app/search.ts';
import { endOfDay, startOfDay } from '../../format/days.ts';

const ROWS = 50;

/** What to ask the server for what the URL says; what is no run's id or no day is left out. */
export function changesQuery(search: ChangesSearch): QueryOf<typeof changes> {
  const run = runId.safeParse(search.run);
  const from = search.from === undefined ? undefined : startOfDay(search.from);
  const to = search.to === undefined ? undefined : endOfDay(search.to);
  return {
    limit: ROWS,
    ...(search.q === undefined ? {} : { entityCode: search.q.slice(0, 150) }),
    ...(search.register === undefined ? {} : { register: search.register.slice(0, 30) }),
    ...(search.type === undefined ? {} : { entityType: search.type.slice(0, 50) }),
    ...(search.kind === undefined ? {} : { eventType: search.kind.slice(0, 50) }),
    ...(run.success ? { runId: run.data } : {}),
    ...(search.after === undefined ? {} : { cursor: search.after }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}
