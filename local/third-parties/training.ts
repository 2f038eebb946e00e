import { filtered, type ODataFields } from './odata.ts';
import type { PartyAnswer, PartyError, PartyOptions, PartyRequest, ThirdParty } from './thirdParty.ts';
import {
  type TrainingComponent,
  type TrainingOrganisation,
  trainingComponent,
  trainingOrganisation,
  trainingPages,
} from './trainingPages.ts';

export interface TrainingParty extends ThirdParty {
  readonly components: TrainingComponent[];
  readonly organisations: TrainingOrganisation[];
}

const DEFAULT_PAGE = 20;
const MAX_PAGE = 1000;

/**
 * The public REST API of the National Training Register: `/search/training` and `/search/organisation` with `offset`, `pageSize`,
 * `includeTotalCount` and an OData `filter`, and the pages of single components and organisations. Which fields a filter may name, and how
 * many requests it bears, its documentation does not say.
 * https://training.gov.au/swagger/index.html
 */
export function openTraining({ size }: PartyOptions): TrainingParty {
  const components = Array.from({ length: size }, (_, index) => trainingComponent(index + 1));
  const organisations = Array.from({ length: Math.ceil(size / 5) }, (_, index) =>
    trainingOrganisation(index + 1),
  );
  const party = { components, organisations };
  return {
    ...party,
    settings: (url) => ({ TGA_API_URL: `${url}/api` }),
    limit: { requests: 50, periodSeconds: 5 },
    answer: (request) => answer(party, request),
    error,
    evolve: (turn) => evolve(party, turn),
  };
}

type Held = Pick<TrainingParty, 'components' | 'organisations'>;

const componentFields: ODataFields<TrainingComponent> = {
  'LatestRelease/Date': ({ releasedOn }) => releasedOn,
  'UsageRecommendation/StartDate': ({ statusSince }) => statusSince,
};
const organisationFields: ODataFields<TrainingOrganisation> = { UpdatedDate: ({ updatedAt }) => updatedAt };

function answer({ components, organisations }: Held, request: PartyRequest): PartyAnswer {
  const [, api, first, second = '', third] = request.path.split('/').map(decodeURIComponent);
  if (api !== 'api') return notFound(request.path);
  switch (`${first ?? ''}/${first === 'search' ? second : (third ?? '')}`) {
    case 'search/training':
      return search(request, components, componentFields, trainingPages.foundComponent);
    case 'search/organisation':
      return search(request, organisations, organisationFields, trainingPages.foundOrganisation);
    case 'training/':
      return page(components, second, trainingPages.component);
    case 'organisation/':
      return page(organisations, second, trainingPages.organisation);
    case 'organisation/restrictions':
      return page(organisations, second, ({ restrictions }) => restrictions);
    default:
      return notFound(request.path);
  }
}

function search<Row extends { readonly code: string }>(
  { query, rows }: PartyRequest,
  collection: readonly Row[],
  fields: ODataFields<Row>,
  item: (row: Row) => unknown,
): PartyAnswer {
  const found = filtered(rows(collection), query.get('filter'), fields);
  if (found === null) return error({ status: 400, detail: 'Invalid expression: could not find a property' });
  const sorted = found.toSorted((a, b) => (a.code < b.code ? -1 : 1));
  const offset = Number(query.get('offset') ?? 0);
  const data = sorted.slice(offset, offset + pageSizeOf(query)).map(item);
  const total = query.get('includeTotalCount') === 'true' ? { totalCount: sorted.length } : {};
  return { status: 200, body: { count: data.length, ...total, data } };
}

function pageSizeOf(query: URLSearchParams): number {
  return Math.min(Number(query.get('pageSize') ?? DEFAULT_PAGE), MAX_PAGE);
}

function page<Row extends { readonly code: string }>(
  collection: readonly Row[],
  code: string,
  body: (row: Row) => unknown,
): PartyAnswer {
  const found = collection.find((one) => one.code === code);
  return found === undefined ? notFound(code) : { status: 200, body: body(found) };
}

function notFound(what: string): PartyAnswer {
  return error({ status: 404, detail: `${what} was not found` });
}

/** https://www.rfc-editor.org/rfc/rfc9457 */
function error({ status, detail }: PartyError): PartyAnswer {
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: { type: 'about:blank', title: 'Request failed', status, detail },
  };
}

/** A component is superseded by a new one; an organisation comes under a restriction, or out of it. */
function evolve({ components, organisations }: Held, turn: number): void {
  const now = new Date().toISOString();
  const superseded = components[turn % Math.max(components.length, 1)];
  const successor: TrainingComponent = {
    ...trainingComponent(components.length + 1),
    status: 'Current',
    statusSince: now,
    supersededBy: null,
    releasedOn: now,
  };
  components.push(successor);
  if (superseded !== undefined)
    Object.assign(superseded, { status: 'Superseded', supersededBy: successor.code, statusSince: now });
  const organisation = organisations[turn % Math.max(organisations.length, 1)];
  if (organisation === undefined) return;
  const restriction = { restriction: 'No new students', startDate: now.slice(0, 10), endDate: null };
  organisation.restrictions = organisation.restrictions.length === 0 ? [restriction] : [];
  organisation.updatedAt = now;
}
