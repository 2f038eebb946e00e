import { pad } from './numbers.ts';
import type { PartyAnswer, PartyError, PartyOptions, PartyRequest, ThirdParty } from './thirdParty.ts';

/** A resource of JSON:API. */
export interface PeopleResource {
  readonly type: string;
  readonly id: string;
  attributes: Record<string, unknown>;
}

export interface PeopleParty extends ThirdParty {
  /** By path: `people`, `households`, `emails`, `phone_numbers`, `addresses`. */
  readonly collections: Readonly<Record<string, PeopleResource[]>>;
}

const KEY = 'local-people-token';
const MAX_PER_PAGE = 100;
const DEFAULT_PER_PAGE = 25;

/**
 * A people API in the shape of Planning Center's: JSON:API resources, `per_page` (25, at most 100) and `offset`, `links.next`,
 * `meta.total_count`, 100 requests in 20 seconds, 429 with `Retry-After`, errors as JSON:API says.
 * https://developer.planning.center/docs/#/overview/pagination
 * https://api.planningcenteronline.com/docs/overview/rate-limiting
 * https://jsonapi.org/format/#errors
 */
export function openPeople({ size }: PartyOptions): PeopleParty {
  const collections: PeopleParty['collections'] = {
    people: Array.from({ length: size }, (_, index) => person(index + 1)),
    households: Array.from({ length: Math.ceil(size / 3) }, (_, index) => household(index + 1)),
    emails: Array.from({ length: size }, (_, index) => email(index + 1)),
    phone_numbers: Array.from({ length: Math.ceil(size / 2) }, (_, index) => phoneNumber(index + 1)),
    addresses: Array.from({ length: Math.ceil(size / 2) }, (_, index) => address(index + 1)),
  };
  return {
    key: KEY,
    settings: (url) => ({ PEOPLE_API_URL: `${url}/v2`, PEOPLE_API_TOKEN: KEY }),
    limit: { requests: 100, periodSeconds: 20 },
    collections,
    answer: (request) => answer(collections, request),
    error,
    evolve: (turn) => {
      const people = collections['people'] ?? [];
      const changed = people[turn % Math.max(people.length, 1)];
      if (changed !== undefined)
        changed.attributes = { ...changed.attributes, status: turn % 2 === 0 ? 'inactive' : 'active' };
      people.push(person(people.length + 1));
    },
  };
}

function answer(collections: PeopleParty['collections'], request: PartyRequest): PartyAnswer {
  const [, version, name = ''] = request.path.split('/');
  const collection = collections[name];
  if (version !== 'v2' || collection === undefined)
    return error({ status: 404, detail: 'The resource you requested could not be found' });
  const rows = request.rows(collection);
  const perPage = Math.min(Number(request.query.get('per_page') ?? DEFAULT_PER_PAGE), MAX_PER_PAGE);
  const offset = Number(request.query.get('offset') ?? 0);
  if (!(perPage >= 1) || !(offset >= 0))
    return error({ status: 400, detail: 'per_page and offset must be numbers' });
  const data = rows.slice(offset, offset + perPage);
  const nextOffset = offset + perPage < rows.length ? offset + perPage : undefined;
  const at = (from: number): string =>
    `${request.baseUrl}/v2/${name}?offset=${String(from)}&per_page=${String(perPage)}`;
  return {
    status: 200,
    headers: { 'x-pco-api-request-rate-limit': '100', 'x-pco-api-request-rate-period': '20 seconds' },
    body: {
      links: { self: at(offset), ...(nextOffset === undefined ? {} : { next: at(nextOffset) }) },
      data,
      included: [],
      meta: {
        total_count: rows.length,
        count: data.length,
        ...(nextOffset === undefined ? {} : { next: { offset: nextOffset } }),
      },
    },
  };
}

function error({ status, detail, pointer }: PartyError): PartyAnswer {
  const source = pointer === undefined ? {} : { source: { pointer } };
  return {
    status,
    headers: { 'content-type': 'application/vnd.api+json' },
    body: { errors: [{ status: String(status), detail, ...source }] },
  };
}

function person(number: number): PeopleResource {
  return {
    type: 'Person',
    id: String(1000 + number),
    attributes: {
      first_name: 'Person',
      last_name: pad(number, 4),
      name: `Person ${pad(number, 4)}`,
      status: number % 17 === 0 ? 'inactive' : 'active',
      created_at: createdAt(number),
      updated_at: createdAt(number),
    },
  };
}

function household(number: number): PeopleResource {
  const attributes = {
    name: `Household ${pad(number, 4)}`,
    member_count: 1 + (number % 5),
    created_at: createdAt(number),
  };
  return { type: 'Household', id: String(5000 + number), attributes };
}

function email(number: number): PeopleResource {
  const attributes = {
    address: `person.${pad(number, 4)}@example.org`,
    location: 'Home',
    primary: true,
    created_at: createdAt(number),
  };
  return { type: 'Email', id: String(20_000 + number), attributes };
}

function phoneNumber(number: number): PeopleResource {
  const attributes = {
    number: `+1 555 01${pad(number % 100, 2)}`,
    location: 'Mobile',
    primary: true,
    created_at: createdAt(number),
  };
  return { type: 'PhoneNumber', id: String(40_000 + number), attributes };
}

function address(number: number): PeopleResource {
  const attributes = {
    street: `${String(number)} Example Street`,
    city: 'Exampleton',
    primary: true,
    created_at: createdAt(number),
  };
  return { type: 'Address', id: String(60_000 + number), attributes };
}

function createdAt(number: number): string {
  return new Date(Date.UTC(2024, 0, 1) + number * 3_600_000).toISOString();
}
