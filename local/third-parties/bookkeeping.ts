import { charge, type Charge } from './donations.ts';
import { pad } from './numbers.ts';
import type { PartyAnswer, PartyError, PartyOptions, PartyRequest, ThirdParty } from './thirdParty.ts';

/** What payments and invoices have in common here; amounts in units of the currency, with cents. */
export interface BookkeepingEntry {
  readonly Id: string;
  readonly TxnDate: string;
  TotalAmt: number;
  readonly CurrencyRef: { readonly value: string };
  readonly CustomerRef: { readonly value: string };
  /** Holds the id of the donation that it books. */
  PrivateNote?: string;
  readonly PaymentRefNum?: string;
  readonly DocNumber?: string;
  Balance?: number;
  readonly MetaData: { readonly LastUpdatedTime: string };
}

export interface BookkeepingParty extends ThirdParty {
  readonly entities: Readonly<Record<'Invoice' | 'Payment', BookkeepingEntry[]>>;
}

const KEY = 'local-bookkeeping-token';
const MAX_RESULTS = 1000;
const DEFAULT_RESULTS = 100;
const COMPANY = /^\/v3\/company\/\d+\/query$/;
const QUERY =
  /^\s*select\s+(\*|count\(\*\))\s+from\s+(\w+)(?:\s+order\s*by\s+\w+)?(?:\s+startposition\s+(\d+))?(?:\s+maxresults\s+(\d+))?\s*$/i;

/**
 * A bookkeeping API in the shape of QuickBooks Online: `query?query=select * from Payment startposition 1 maxresults 100`
 * below the company, positions from 1, at most 1,000 rows, `QueryResponse`, `Fault.Error[]`, 500 requests a minute.
 * https://developer.intuit.com/app/developer/qbo/docs/learn/explore-the-quickbooks-online-api/data-queries
 * https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/payment
 * https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/invoice
 */
export function openBookkeeping({ size }: PartyOptions): BookkeepingParty {
  const numbers = Array.from({ length: size }, (_, index) => index + 1);
  const entities = {
    Invoice: numbers.filter((number) => number % 5 === 0).map((number) => invoice(number)),
    Payment: numbers.map((number) => payment(number)),
  };
  return {
    key: KEY,
    settings: (url) => ({ BOOKKEEPING_API_URL: `${url}/v3/company/1`, BOOKKEEPING_API_TOKEN: KEY }),
    limit: { requests: 500, periodSeconds: 60 },
    entities,
    answer: (request) => answer(entities, request),
    error,
    evolve: () => {
      // Bookkeepers are sometimes a little late: of ten donations, nine are booked.
      const number = entities.Payment.length + 1;
      if (number % 10 !== 0) entities.Payment.push(payment(number));
    },
  };
}

function answer(entities: BookkeepingParty['entities'], request: PartyRequest): PartyAnswer {
  if (!COMPANY.test(request.path)) return error({ status: 404, detail: 'Resource not found' });
  const [, what = '', entity = '', start = '1', max = String(DEFAULT_RESULTS)] =
    QUERY.exec(request.query.get('query') ?? '') ?? [];
  if (entity !== 'Invoice' && entity !== 'Payment')
    return error({ status: 400, detail: 'QueryParserError: the query could not be read' });
  const rows = request.rows(entities[entity]);
  if (what !== '*') return answered({ totalCount: rows.length });
  if (Number(max) < 1 || Number(max) > MAX_RESULTS)
    return error({
      status: 400,
      detail: `QueryValidationError: value ${max} is not within 1 and ${String(MAX_RESULTS)}`,
    });
  const found = rows.slice(Number(start) - 1, Number(start) - 1 + Number(max));
  // Nothing is said where there is nothing: neither the name of the entity nor positions.
  if (found.length === 0) return answered({});
  return answered({ [entity]: found, startPosition: Number(start), maxResults: found.length });
}

function answered(response: Readonly<Record<string, unknown>>): PartyAnswer {
  return { status: 200, body: { QueryResponse: response, time: new Date().toISOString() } };
}

function error({ status, detail, pointer }: PartyError): PartyAnswer {
  const type = status === 401 ? 'AUTHENTICATION' : status >= 500 ? 'SystemFault' : 'ValidationFault';
  const element = pointer === undefined ? {} : { element: pointer };
  const fault = { Message: detail, Detail: detail, code: String(status * 10), ...element };
  return { status, body: { Fault: { Error: [fault], type }, time: new Date().toISOString() } };
}

/** What books the n-th donation. */
export function payment(number: number): BookkeepingEntry {
  const donation = charge(number);
  return {
    ...booked(donation),
    Id: String(7000 + number),
    PaymentRefNum: pad(number, 6),
  };
}

function invoice(number: number): BookkeepingEntry {
  const donation = charge(number);
  return { ...booked(donation), Id: String(90_000 + number), DocNumber: pad(number, 6), Balance: 0 };
}

function booked({ id, amount, currency, created, customer }: Charge): Omit<BookkeepingEntry, 'Id'> {
  const at = new Date(created * 1000).toISOString();
  return {
    TxnDate: at.slice(0, 10),
    TotalAmt: amount / 100,
    CurrencyRef: { value: currency.toUpperCase() },
    CustomerRef: { value: customer ?? '' },
    PrivateNote: `Donation ${id}`,
    MetaData: { LastUpdatedTime: at },
  };
}
