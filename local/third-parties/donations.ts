import { pad } from './numbers.ts';
import type { PartyAnswer, PartyError, PartyOptions, PartyRequest, ThirdParty } from './thirdParty.ts';

export interface Charge {
  readonly id: string;
  readonly object: 'charge';
  /** Cents. */
  amount: number;
  amount_refunded: number;
  readonly currency: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly customer: string | null;
  readonly description: string | null;
  paid: boolean;
  refunded: boolean;
  status: 'succeeded' | 'pending' | 'failed';
  readonly metadata: Readonly<Record<string, string>>;
}

export interface DonationsParty extends ThirdParty {
  /** Newest first, as it lists them. */
  readonly charges: Charge[];
}

const KEY = 'local-donations-key';
const MAX_LIMIT = 100;
const DEFAULT_LIMIT = 10;

/**
 * A payment API in the shape of Stripe's charges: newest first, `limit` (10, at most 100) and `starting_after` an id,
 * `has_more`, an `error` object with type, code and param.
 * https://docs.stripe.com/api/pagination
 * https://docs.stripe.com/api/charges/list
 * https://docs.stripe.com/api/errors
 * https://docs.stripe.com/rate-limits
 */
export function openDonations({ size }: PartyOptions): DonationsParty {
  const charges = Array.from({ length: size }, (_, index) => charge(index + 1)).reverse();
  return {
    key: KEY,
    settings: (url) => ({ DONATIONS_API_URL: `${url}/v1`, DONATIONS_API_KEY: KEY }),
    limit: { requests: 25, periodSeconds: 1 },
    charges,
    answer: (request) => answer(charges, request),
    error,
    evolve: () => {
      charges.unshift(charge(charges.length + 1));
    },
  };
}

function answer(charges: readonly Charge[], request: PartyRequest): PartyAnswer {
  if (request.path !== '/v1/charges')
    return error({ status: 404, detail: `Unrecognized request URL (GET: ${request.path})` });
  const rows = request.rows(charges);
  const limit = Number(request.query.get('limit') ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
    return error({ status: 400, detail: `Invalid integer: ${String(limit)}`, pointer: 'limit' });
  const after = request.query.get('starting_after');
  const from = after === null ? 0 : rows.findIndex(({ id }) => id === after) + 1;
  if (after !== null && from === 0 && rows.length > 0)
    return error({ status: 400, detail: `No such charge: '${after}'`, pointer: 'starting_after' });
  const data = rows.slice(from, from + limit);
  return {
    status: 200,
    body: { object: 'list', url: '/v1/charges', has_more: from + limit < rows.length, data },
  };
}

function error({ status, detail, pointer }: PartyError): PartyAnswer {
  const param = pointer === undefined ? {} : { param: pointer };
  return { status, body: { error: { type: errorType(status), message: detail, ...param } } };
}

function errorType(status: number): string {
  return status >= 500 ? 'api_error' : 'invalid_request_error';
}

/** The n-th donation: its id does not change when others come. */
export function charge(number: number): Charge {
  return {
    id: chargeId(number),
    object: 'charge',
    amount: 500 + (number % 40) * 250,
    amount_refunded: 0,
    currency: 'aud',
    created: Date.UTC(2025, 0, 1) / 1000 + number * 3600,
    customer: `cus_${pad(number % 97, 6)}`,
    description: 'Donation',
    paid: true,
    refunded: false,
    status: 'succeeded',
    metadata: {},
  };
}

export function chargeId(number: number): string {
  return `ch_local${pad(number, 8)}`;
}
