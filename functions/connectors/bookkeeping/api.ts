import { z } from 'zod';
import { createApiClient } from '../../platform/outbound/apiClient.ts';
import { perServices } from '../../platform/perServices.ts';
import type { Services } from '../../platform/services.ts';
import type { Activity, FetchedPage } from '../../workflows/index.ts';

const entry = z.object({
  Id: z.string(),
  TxnDate: z.string().optional(),
  TotalAmt: z.number(),
  Balance: z.number().optional(),
  CurrencyRef: z.object({ value: z.string() }).optional(),
  CustomerRef: z.object({ value: z.string() }).optional(),
  PrivateNote: z.string().optional(),
  PaymentRefNum: z.string().optional(),
  DocNumber: z.string().optional(),
});
const answer = z.object({
  QueryResponse: z.object({ Payment: z.array(entry).optional(), Invoice: z.array(entry).optional() }),
});

export type BookkeepingEntry = z.infer<typeof entry>;
export type BookkeepingEntity = 'Payment' | 'Invoice';

/** The API gives up to 1,000. */
const PAGE = 500;
/** Fields differ from one version of the API to the next. */
const MINOR_VERSION = 75;

const api = perServices(({ settings, now }) =>
  createApiClient({
    baseUrl: settings.BOOKKEEPING_API_URL ?? '',
    headers: () => ({ authorization: `Bearer ${settings.BOOKKEEPING_API_TOKEN ?? ''}` }),
    requestsPerSecond: settings.BOOKKEEPING_REQUESTS_PER_SECOND,
    allowPrivateAddresses: settings.API_ALLOW_PRIVATE_ADDRESSES,
    now,
  }),
);

/**
 * One page of payments or invoices from a position, the first of which is 1. A page that is not full may be one that the
 * API cut, so only an empty one is the end.
 * https://developer.intuit.com/app/developer/qbo/docs/learn/explore-the-quickbooks-online-api/data-queries
 */
export async function fetchEntries(
  services: Services,
  entity: BookkeepingEntity,
  position: number,
  { signal, idempotencyKey }: Activity,
): Promise<FetchedPage<BookkeepingEntry, number>> {
  const sql = `select * from ${entity} orderby Id startposition ${String(position)} maxresults ${String(PAGE)}`;
  const query = { query: sql, minorversion: MINOR_VERSION };
  const { body } = await api(services).read('/query', answer, { query, signal, idempotencyKey });
  const rows = body.QueryResponse[entity] ?? [];
  return { rows, next: rows.length === 0 ? null : position + rows.length };
}
