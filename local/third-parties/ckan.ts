import type { PartyAnswer, PartyError, PartyRequest, ThirdParty } from './thirdParty.ts';

export type CkanRow = Record<string, string | number | null>;

/** Tables by the ids of their resources. */
export type CkanTables = Readonly<Record<string, CkanRow[]>>;

export interface CkanParty<Tables extends CkanTables> extends ThirdParty {
  readonly tables: Tables;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 32_000;

/**
 * A CKAN DataStore: `datastore_search` with `resource_id`, `limit` (100, at most 32,000), `offset` and `sort`; every row has
 * its `_id`; failures are `success: false` with an error that has a `__type`.
 * https://docs.ckan.org/en/latest/maintaining/datastore.html
 * https://docs.ckan.org/en/latest/api/index.html#making-an-api-request
 */
export function ckanParty<Tables extends CkanTables>(
  tables: Tables,
  /** Where its API is and how its tables are called there, under the names of settings that begin so: `CRICOS`. */
  settingsPrefix: string,
  evolve: (tables: Tables, turn: number) => void,
): CkanParty<Tables> {
  return {
    tables,
    settings: (url) => ({
      [`${settingsPrefix}_API_URL`]: `${url}/api/3/action`,
      ...Object.fromEntries(
        Object.keys(tables).map((name) => [
          `${settingsPrefix}_${name.replaceAll('-', '_').toUpperCase()}_RESOURCE`,
          name,
        ]),
      ),
    }),
    answer: (request) => answer(tables, request),
    error,
    evolve: (turn) => evolve(tables, turn),
  };
}

function answer(tables: CkanTables, request: PartyRequest): PartyAnswer {
  const resourceId = request.query.get('resource_id') ?? '';
  const table = tables[resourceId];
  if (request.path !== '/api/3/action/datastore_search')
    return error({ status: 400, detail: 'Action name not known' });
  if (table === undefined)
    return error({ status: 404, detail: `Not found: Resource "${resourceId}" was not found.` });
  const rows = request.rows(table);
  const limit = Math.min(Number(request.query.get('limit') ?? DEFAULT_LIMIT), MAX_LIMIT);
  const offset = Number(request.query.get('offset') ?? 0);
  if (!(limit >= 0) || !(offset >= 0)) return error({ status: 409, detail: 'Must be a natural number' });
  const records = rows
    .slice(offset, offset + limit)
    .map((row, index) => ({ _id: offset + index + 1, ...row }));
  const link = (from: number): string =>
    `/api/3/action/datastore_search?resource_id=${resourceId}&limit=${String(limit)}&offset=${String(from)}`;
  return {
    status: 200,
    body: {
      help: `${request.baseUrl}/api/3/action/help_show?name=datastore_search`,
      success: true,
      result: {
        include_total: true,
        limit,
        offset,
        records_format: 'objects',
        resource_id: resourceId,
        total_estimation_threshold: null,
        records,
        fields: Object.keys(records[0] ?? {}).map((id) => ({ id, type: id === '_id' ? 'int' : 'text' })),
        _links: { start: link(0), next: link(offset + limit) },
        total: rows.length,
        total_was_estimated: false,
      },
    },
  };
}

function error({ status, detail }: PartyError): PartyAnswer {
  const type =
    status === 404 ? 'Not Found Error' : status === 409 ? 'Validation Error' : 'Internal Server Error';
  return { status, body: { success: false, error: { __type: type, message: detail } } };
}
