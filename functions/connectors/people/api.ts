import { z } from 'zod';
import { type ApiClient, createApiClient } from '../../platform/outbound/apiClient.ts';
import { perServices } from '../../platform/perServices.ts';
import type { Services } from '../../platform/services.ts';
import type { Activity, FetchedPage } from '../../workflows/index.ts';
import { movedOn } from '../movedOn.ts';

const resource = z.object({
  type: z.string(),
  id: z.string(),
  attributes: z.record(z.string(), z.unknown()).default({}),
});
const page = z.object({
  data: z.array(resource),
  links: z.object({ next: z.string().nullish() }).optional(),
});

export type PeopleResource = z.infer<typeof resource>;

/** As many as a page may have. */
const PER_PAGE = 100;

const api: (services: Services) => ApiClient = perServices(({ settings, now }) => {
  const token = settings.PEOPLE_API_TOKEN ?? '';
  // An application id with its secret, or an OAuth token.
  const credentials = token.includes(':') ? `Basic ${btoa(token)}` : `Bearer ${token}`;
  return createApiClient({
    baseUrl: settings.PEOPLE_API_URL ?? '',
    headers: () => ({ authorization: credentials }),
    requestsPerSecond: settings.PEOPLE_REQUESTS_PER_SECOND,
    allowPrivateAddresses: settings.API_ALLOW_PRIVATE_ADDRESSES,
    now,
  });
});

/**
 * One page of a list of JSON:API resources, by offset; the oldest first, so that what is added while it is walked comes
 * at its end. https://developer.planning.center/docs/#/overview/pagination, https://jsonapi.org/format/#fetching-pagination
 */
export async function fetchResources(
  services: Services,
  path: string,
  offset: number,
  { signal, idempotencyKey }: Activity,
): Promise<FetchedPage<PeopleResource, number>> {
  const query = { per_page: PER_PAGE, offset, order: 'created_at' };
  const { body } = await api(services).read(path, page, { query, signal, idempotencyKey });
  const next = body.links?.next;
  return {
    rows: body.data,
    next: next === undefined || next === null ? null : movedOn(path, offset, offsetIn(next)),
  };
}

/** Only the offset is taken from the link: where requests go, and with them our credentials, the settings say. */
function offsetIn(link: string): number {
  const query = URL.parse(link, 'https://link.invalid')?.searchParams;
  return Number(query?.get('offset') ?? query?.get('page[offset]'));
}
