import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';

/** Lengths of time that Azure takes for the window of a log alert and for how often it looks (`Microsoft.Insights/scheduledQueryRules`). */
const minutes = [
  'PT5M',
  'PT10M',
  'PT15M',
  'PT30M',
  'PT45M',
  'PT1H',
  'PT2H',
  'PT3H',
  'PT4H',
  'PT5H',
  'PT6H',
  'P1D',
];
const operators = ['GreaterThan', 'GreaterThanOrEqual', 'LessThan', 'LessThanOrEqual', 'Equal'] as const;

const alertRule = z
  .strictObject({
    /** 0 critical, 1 error, 2 warning, 3 informational, 4 verbose. */
    severity: z.coerce.number().int().min(0).max(4),
    /** How far back the query looks, ISO 8601. The query itself names no time. */
    window: z.enum(minutes),
    every: z.enum(minutes),
    operator: z.enum(operators),
    threshold: z.coerce.number(),
    /** The column that is compared with the threshold; without it, the number of rows is. */
    measure: z.string().optional(),
    aggregation: z.enum(['Average', 'Minimum', 'Maximum', 'Total']).optional(),
  })
  .refine(({ every, window }) => minutes.indexOf(every) <= minutes.indexOf(window), {
    message: 'every is longer than window: what happens between two looks would be missed',
  })
  .refine(({ measure, aggregation }) => (measure === undefined) === (aggregation === undefined), {
    message: 'measure and aggregation come together',
  });

const header = z
  .strictObject({
    title: z.string().min(1).max(60),
    shows: z.string().min(1),
    do: z.string().min(1),
    /** Section of the runbook (docs/monitoring.md lists them all). */
    runbook: z
      .string()
      .regex(/^[a-z][a-z-]+$/)
      .optional(),
    /** How the workbook shows it. */
    visual: z.enum(['table', 'timechart', 'barchart']).default('table'),
    alert: alertRule.optional(),
  })
  .refine(({ alert, runbook }) => alert === undefined || runbook !== undefined, {
    message: 'an alert names the chapter of the runbook that says what to do',
  });

/** A file of this folder. Alert rules and the workbook are made of it; `query` is what Azure runs. */
export type SavedQuery = z.infer<typeof header> & {
  /** Of the file, without `.kql`. */
  readonly name: string;
  /** KQL without its header. */
  readonly query: string;
};

/** The queries of a folder, by name. Throws, naming the file, for a header that is not as declared above. */
export function readSavedQueries(folder: string = import.meta.dirname): readonly SavedQuery[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.kql'));
  return files
    .toSorted()
    .map((file) => savedQueryOf(basename(file, '.kql'), readFileSync(join(folder, file), 'utf8')));
}

/** The header is the comment lines before the query, a field a line; a line that is indented further goes on with the field above. */
export function savedQueryOf(name: string, text: string): SavedQuery {
  const lines = text.split(/\r?\n/);
  const end = lines.findIndex((line) => !line.startsWith('//'));
  const query = end === -1 ? '' : lines.slice(end).join('\n').trim();
  if (query === '') throw new Error(`${name}.kql holds no query below its header`);
  const parsed = header.safeParse(fieldsOf(name, lines.slice(0, end)));
  if (!parsed.success)
    throw new Error(`The header of ${name}.kql is wrong:\n${z.prettifyError(parsed.error)}`);
  return { ...parsed.data, name, query };
}

function fieldsOf(name: string, lines: readonly string[]): Record<string, unknown> {
  const fields: Record<string, string> = {};
  let current: string | undefined;
  for (const line of lines) {
    const [, field, text = ''] = /^\/\/ (?:([a-z]+): )?(.*)$/.exec(line) ?? [];
    if (field !== undefined && field in fields)
      throw new Error(`The header of ${name}.kql has two lines “${field}”`);
    current = field ?? current;
    if (current === undefined)
      throw new Error(`The header of ${name}.kql begins with no field; wanted: “// title: …”`);
    fields[current] = field === undefined ? `${fields[current] ?? ''} ${text.trim()}` : text.trim();
  }
  return fields['alert'] === undefined ? fields : { ...fields, alert: pairsOf(fields['alert']) };
}

function pairsOf(text: string): Record<string, string | undefined> {
  return Object.fromEntries(
    text.split(/\s+/).map((pair) => pair.split('=', 2) as [string, string | undefined]),
  );
}
