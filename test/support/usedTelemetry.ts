import type { Envelope } from './ingestion.ts';
import { insightsTables, type InsightsTable } from './insightsSchema.ts';

/** What of telemetry a query asks for, one use each. */
export interface Use {
  readonly table: InsightsTable;
  readonly kind: 'name' | 'dimension' | 'measurement';
  readonly what: string;
}

const tableOf: Readonly<Record<string, InsightsTable>> = {
  RequestData: 'requests',
  RemoteDependencyData: 'dependencies',
  MessageData: 'traces',
  ExceptionData: 'exceptions',
  EventData: 'customEvents',
  MetricData: 'customMetrics',
};

const tables = Object.keys(insightsTables).join('|');
const uses = new RegExp(
  [
    `\\b(?<table>${tables})\\b`,
    'custom(?<bag>Dimensions|Measurements)(?:\\["(?<quoted>[^"]+)"\\]|\\.(?<dotted>\\w+))',
    '\\bname\\s*(?:==|in)\\s*(?<names>"[^"]+"|\\([^)]*\\))',
  ].join('|'),
  'g',
);

/** What a query uses: names and dimensions belong to the table that was named last before them. Throws when there is none. */
export function usesOf(query: string): Use[] {
  const found: Use[] = [];
  let table: InsightsTable | undefined;
  for (const { groups = {} } of query.matchAll(uses)) {
    if (groups['table'] !== undefined) {
      table = groups['table'] as InsightsTable;
      continue;
    }
    if (table === undefined) throw new Error('The query uses something before it names a table');
    const dimension = groups['quoted'] ?? groups['dotted'];
    const kind = groups['bag'] === 'Measurements' ? 'measurement' : 'dimension';
    if (dimension !== undefined) found.push({ table, kind, what: dimension });
    for (const [, what = ''] of (groups['names'] ?? '').matchAll(/"([^"]+)"/g))
      found.push({ table, kind: 'name', what });
  }
  return found;
}

/** All that envelopes offer to queries, in the words of `usesOf`. */
export function offeredBy(envelopes: readonly Envelope[]): ReadonlySet<string> {
  const offered = new Set<string>();
  for (const { data } of envelopes) {
    const table = tableOf[data.baseType];
    if (table === undefined) throw new Error(`No table is known for ${data.baseType}`);
    const { name, metrics = [], properties = {}, measurements = {} } = data.baseData;
    const names = [...(name === undefined ? [] : [name]), ...metrics.map((metric) => metric.name)];
    for (const what of names) offered.add(textOf({ table, kind: 'name', what }));
    for (const what of Object.keys(properties)) offered.add(textOf({ table, kind: 'dimension', what }));
    for (const what of Object.keys(measurements)) offered.add(textOf({ table, kind: 'measurement', what }));
  }
  return offered;
}

export function textOf({ table, kind, what }: Use): string {
  return `${table}: ${kind} ${what}`;
}
