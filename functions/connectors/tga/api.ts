import { z } from 'zod';
import { type ApiClient, createApiClient } from '../../platform/outbound/apiClient.ts';
import { ApiError } from '../../platform/outbound/apiError.ts';
import { perServices } from '../../platform/perServices.ts';
import type { Activity } from '../../workflows/index.ts';

/** Some searches take long. */
const TIMEOUT_MS = 60_000;
const VERSION = { 'api-version': '1.0' };

export const tgaClient = perServices(({ settings, now }): ApiClient => {
  const { TGA_API_URL, TGA_REQUESTS_PER_SECOND, API_ALLOW_PRIVATE_ADDRESSES } = settings;
  return createApiClient({
    baseUrl: TGA_API_URL ?? '',
    headers: () => ({}),
    requestsPerSecond: TGA_REQUESTS_PER_SECOND,
    timeoutMs: TIMEOUT_MS,
    allowPrivateAddresses: API_ALLOW_PRIVATE_ADDRESSES,
    now,
  });
});

/** What is looked for in `/search/training` or `/search/organisation`. */
export interface Search<Item> {
  readonly what: 'training' | 'organisation';
  readonly item: z.ZodType<Item>;
  readonly pageSize: number;
  /** An OData filter; left out: everything. */
  readonly filter?: string | undefined;
}

export interface SearchPage<Item> {
  readonly items: readonly Item[];
  /** Of all that the search finds; null: it did not say. */
  readonly total: number | null;
}

const counts = z.object({ count: z.int().min(0).nullish(), totalCount: z.int().min(0).nullish() });

/**
 * One page of a search, by code: `filter` and `orderBy` are OData, names of fields in upper camel case as its facets have them.
 * https://training.gov.au/swagger/index.html?urls.primaryName=SEARCH+-+V1
 */
export async function searchPage<Item>(
  client: ApiClient,
  { what, item, pageSize, filter }: Search<Item>,
  offset: number,
  { signal, idempotencyKey }: Activity,
): Promise<SearchPage<Item>> {
  const query = { ...VERSION, includeTotalCount: true, offset, pageSize, orderBy: 'Code asc', filter };
  const shape = counts.extend({ data: z.array(item) });
  const { body } = await client.read(`/search/${what}`, shape, { query, signal, idempotencyKey });
  const total = totalOf(body, offset, pageSize);
  if (body.data.length === 0 && total !== null && offset < total)
    throw new ApiError(
      'ServiceUnavailableError',
      `training.gov.au gave nothing at ${String(offset)} of ${String(total)} (/search/${what})`,
    );
  return { items: body.data, total };
}

/** `count` is that of the page in some answers, and of everything in others; a page that is full does not tell which. */
function totalOf(
  { count, totalCount, data }: z.infer<typeof counts> & { readonly data: readonly unknown[] },
  offset: number,
  pageSize: number,
): number | null {
  if (typeof totalCount === 'number') return totalCount;
  if (typeof count === 'number' && count > data.length) return count;
  return data.length < pageSize ? offset + data.length : null;
}

/**
 * What the register has on one entity; null: it has nothing under that code (any more).
 * https://training.gov.au/swagger/index.html?urls.primaryName=ORGANISATION+-+V1
 */
export async function readOne<Item>(
  client: ApiClient,
  path: string,
  shape: z.ZodType<Item>,
  { signal, idempotencyKey }: Activity,
): Promise<Item | null> {
  const query = { ...VERSION, include: 'all' };
  try {
    return (await client.read(path, shape, { query, signal, idempotencyKey })).body;
  } catch (error) {
    if (error instanceof ApiError && error.api.status === 404) return null;
    throw error;
  }
}
