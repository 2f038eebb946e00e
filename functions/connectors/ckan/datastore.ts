import { z } from 'zod';
import type { ApiClient } from '../../platform/outbound/apiClient.ts';
import { ApiError } from '../../platform/outbound/apiError.ts';

/** A row of a table as CKAN gives it: every column of the table, null where it is empty. */
export type CkanRecord = Readonly<Record<string, unknown>>;

/** CKAN's own bound is 32,000; a page must stay a small transaction. */
const PAGE = 1000;

const answerOf = z.object({
  success: z.literal(true),
  result: z.object({
    total: z.int().min(0),
    records: z.array(z.record(z.string(), z.unknown())).max(PAGE),
  }),
});

export interface CkanPage {
  readonly records: readonly CkanRecord[];
  /** Of the whole table. */
  readonly total: number;
}

/**
 * One page of a table in a CKAN DataStore, in the order of its row ids, so that pages neither overlap nor leave gaps.
 * https://docs.ckan.org/en/latest/maintaining/datastore.html#ckanext.datastore.logic.action.datastore_search
 */
export async function datastorePage(
  client: ApiClient,
  resourceId: string,
  offset: number,
  signal: AbortSignal,
): Promise<CkanPage> {
  const query = { resource_id: resourceId, limit: PAGE, offset, sort: '_id', include_total: true };
  const { body } = await client.json('/datastore_search', { query, signal });
  const parsed = answerOf.safeParse(body);
  if (!parsed.success) throw strange(`its answer is no page of a DataStore table`, body, parsed.error);
  const { records, total } = parsed.data.result;
  // The answer was cut: to take the rest for gone would be a lie.
  if (records.length === 0 && offset < total)
    throw new ApiError(
      'ServiceUnavailableError',
      `${resourceId} gave no rows at ${String(offset)} of ${String(total)}`,
    );
  return { records, total };
}

/** Of each row the text of a column, trimmed; null where it is empty. A column that is not there is a table that changed. */
export function columnText(record: CkanRecord, column: string): string | null {
  if (!(column in record)) throw strange(`its table has no column ${JSON.stringify(column)}`, record);
  const value = record[column];
  if (value === null || value === undefined) return null;
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).trim();
  return text === '' ? null : text;
}

/** Columns by the names of attributes. */
export function columnTexts(
  record: CkanRecord,
  columns: Readonly<Record<string, string>>,
): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, columnText(record, column)]),
  );
}

function strange(what: string, body: unknown, cause?: unknown): ApiError {
  return new ApiError('ValidationError', `The register is not in the form that is known: ${what}.`, {
    api: { status: 200, body },
    cause,
  });
}
