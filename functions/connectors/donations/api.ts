import { z } from 'zod';
import { createApiClient } from '../../platform/outbound/apiClient.ts';
import { ApiError } from '../../platform/outbound/apiError.ts';
import { perServices } from '../../platform/perServices.ts';
import type { Services } from '../../platform/services.ts';
import type { Activity, FetchedPage } from '../../workflows/index.ts';

/** A payment that somebody gave; the API says more of it than is kept. */
const charge = z.object({
  id: z.string(),
  /** In the smallest unit of the currency. */
  amount: z.number().int(),
  amount_refunded: z.number().int().default(0),
  currency: z.string(),
  /** Seconds since 1970. */
  created: z.number().int(),
  status: z.string(),
  refunded: z.boolean().default(false),
  customer: z.string().nullish(),
  description: z.string().nullish(),
});
const page = z.object({ data: z.array(charge), has_more: z.boolean() });

export type Charge = z.infer<typeof charge>;

/** As many as a page may have. */
const LIMIT = 100;

const api = perServices(({ settings, now }) =>
  createApiClient({
    baseUrl: settings.DONATIONS_API_URL ?? '',
    headers: () => ({ authorization: `Bearer ${settings.DONATIONS_API_KEY ?? ''}` }),
    requestsPerSecond: settings.DONATIONS_REQUESTS_PER_SECOND,
    allowPrivateAddresses: settings.API_ALLOW_PRIVATE_ADDRESSES,
    now,
  }),
);

/**
 * One page, newest first; the cursor is the id of the last charge before it, empty for the first page.
 * https://docs.stripe.com/api/pagination, https://docs.stripe.com/api/charges/list
 */
export async function fetchCharges(
  services: Services,
  after: string,
  { signal, idempotencyKey }: Activity,
): Promise<FetchedPage<Charge, string>> {
  const query = { limit: LIMIT, starting_after: after === '' ? undefined : after };
  const { body } = await api(services).read('/charges', page, { query, signal, idempotencyKey });
  const last = body.data.at(-1)?.id;
  if (!body.has_more) return { rows: body.data, next: null };
  if (last !== undefined && last !== after) return { rows: body.data, next: last };
  throw new ApiError(
    'InternalServerError',
    'The API says that more charges follow, and gave none to go on from',
  );
}
