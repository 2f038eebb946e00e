import { type alerts, severity as severities } from '../../../../shared/contract/alerts.ts';
import type { QueryOf } from '../../../../shared/contract/endpoint.ts';
import type { AlertsSearch } from '../../app/search.ts';

const ROWS = 50;

/** What the status filter offers; `unresolved` is what it shows unasked. */
export const alertFilters = ['unresolved', 'open', 'acknowledged', 'resolved', 'all'] as const;

/** What to ask the server for what the URL says; effects stay under their cause unless they are asked for. */
export function alertsQuery(search: AlertsSearch): QueryOf<typeof alerts> {
  const severity = severities.options.find((known) => known === search.severity);
  return {
    limit: ROWS,
    status: alertFilters.find((known) => known === search.status) ?? 'unresolved',
    ...(severity === undefined ? {} : { severity }),
    ...(search.runner === undefined ? {} : { runnerId: search.runner }),
    ...(search.job === undefined ? {} : { jobId: search.job }),
    ...(search.effects === 'yes' ? {} : { causesOnly: true }),
    ...(search.after === undefined ? {} : { cursor: search.after }),
  };
}
