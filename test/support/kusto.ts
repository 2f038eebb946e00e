import { createRequire } from 'node:module';
import { insightsTables, type InsightsTable, textColumnsOf } from './insightsSchema.ts';

/** The language service that Azure's own editor has; it understands a query and never runs one. */
interface LanguageService {
  readonly KustoCode: {
    ParseAndAnalyze(
      text: string,
      globals: unknown,
    ): { GetDiagnostics(): CsharpList<Diagnostic>; ResultType: unknown };
  };
  readonly GlobalState: { readonly Default: { WithDatabase(database: unknown): unknown } };
  readonly Symbols: {
    readonly TableSymbol: {
      readonly $ctor7: new (name: string, schema: string, description: null) => unknown;
    };
    readonly DatabaseSymbol: { readonly ctor: new (name: string, members: readonly unknown[]) => unknown };
  };
}

interface CsharpList<T> {
  readonly Count: number;
  getItem(index: number): T;
}

interface Diagnostic {
  readonly Code: string;
  readonly Message: string;
  readonly Start: number;
  readonly Severity: string;
}

interface ResultColumn {
  readonly Name: string;
  readonly Type: { readonly Name: string };
}

export interface CheckedQuery {
  /** What is wrong, with its place: `KS142 at 12: …`. */
  readonly faults: readonly string[];
  /** What it gives, by name, with the type of each. */
  readonly columns: ReadonlyMap<string, string>;
}

let service: { readonly kusto: LanguageService; readonly globals: unknown } | undefined;

function loaded() {
  if (service !== undefined) return service;
  const require = createRequire(import.meta.url);
  require('@kusto/language-service-next/bridge.min.js');
  require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  const kusto = (globalThis as unknown as { Kusto: { Language: LanguageService } }).Kusto.Language;
  const { TableSymbol, DatabaseSymbol } = kusto.Symbols;
  const tables = Object.entries(insightsTables).map(
    ([name, schema]) => new TableSymbol.$ctor7(name, `(${schema})`, null),
  );
  const globals = kusto.GlobalState.Default.WithDatabase(new DatabaseSymbol.ctor('insights', tables));
  return (service = { kusto, globals });
}

/** Reads a query as Azure would against the tables of Application Insights, and refuses what Azure would take and nobody means. */
export function checkQuery(query: string): CheckedQuery {
  const { kusto, globals } = loaded();
  const code = kusto.KustoCode.ParseAndAnalyze(query, globals);
  const diagnostics = code.GetDiagnostics();
  const faults = itemsOf(diagnostics).map(
    ({ Code, Message, Start }) => `${Code} at ${String(Start)}: ${Message}`,
  );
  const result = code.ResultType as { readonly Columns?: CsharpList<ResultColumn> } | null;
  const columns = result?.Columns === undefined ? [] : itemsOf(result.Columns);
  return {
    faults: [...faults, ...trapsIn(query)],
    columns: new Map(columns.map(({ Name, Type }) => [Name, Type.Name])),
  };
}

function itemsOf<T>(list: CsharpList<T>): T[] {
  return Array.from({ length: list.Count }, (_, index) => list.getItem(index));
}

/** They pass the language service, and are wrong all the same. */
function trapsIn(query: string): string[] {
  const faults: string[] = [];
  if (/^\s*\./m.test(query)) faults.push('a control command: an alert and a workbook run queries only');
  if (/\bago\s*\(|\bnow\s*\(/.test(query))
    faults.push('a time of its own: the window of the alert and the range of the workbook are what counts');
  const texts = new Set((Object.keys(insightsTables) as InsightsTable[]).flatMap(textColumnsOf));
  const compared = query.matchAll(/\b(\w+)\s*(?:[!=]=|[=!]~)\s*(?:true|false)\b|\bnot\s*\(\s*(\w+)\s*\)/gi);
  for (const [, left, negated] of compared) {
    const column = left ?? negated ?? '';
    if (texts.has(column))
      faults.push(`${column} is a text: wanted ${column} == "False", for it is never true or false`);
  }
  const bare = query.matchAll(/\|\s*where\s+(?:.*\band\s+)?(\w+)\s*(?=$|\||\band\b)/gim);
  for (const [, column = ''] of bare)
    if (texts.has(column)) faults.push(`${column} is a text: it cannot be a condition by itself`);
  return faults;
}
