import { ApiError } from './apiError.ts';
import type { OutsideMethod, OutsideRequest } from './fetchOutside.ts';

export type QueryValue = string | number | boolean | undefined | readonly (string | number)[];

export interface ApiRequest {
  /** Undefined values are left out; a list repeats its name. */
  readonly query?: Readonly<Record<string, QueryValue>>;
  /** GET unless said otherwise, POST with a body. */
  readonly method?: OutsideMethod;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** Sent with writes as `idempotency-key`, so that the other side does once what comes twice; with reads as `x-request-id`. */
  readonly idempotencyKey?: string;
}

/** What is sent for a request below an API's address. `headers` win over what is given here. */
export function outsideRequest(
  baseUrl: string,
  path: string,
  request: ApiRequest,
  headers: Readonly<Record<string, string>>,
): OutsideRequest {
  const method = request.method ?? (request.body === undefined ? 'GET' : 'POST');
  const { idempotencyKey, signal } = request;
  const keyName = method === 'GET' ? 'x-request-id' : 'idempotency-key';
  return {
    url: urlOf(baseUrl, path, request.query),
    method,
    headers: {
      accept: 'application/json',
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(idempotencyKey === undefined ? {} : { [keyName]: idempotencyKey }),
      ...headers,
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** `GET https://host/path`: for people and logs, without the query and without what precedes the host. */
export function describeRequest({ method, url }: OutsideRequest): string {
  const { origin, pathname } = new URL(url);
  return `${method} ${origin}${pathname}`;
}

/** Nothing leads away from the API's own address: a path that a third party's answer made cannot send our credentials elsewhere. */
function urlOf(baseUrl: string, path: string, query: ApiRequest['query'] = {}): string {
  const base = URL.parse(baseUrl);
  const url = path === '' ? base : URL.parse(`${baseUrl.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`);
  if (url === null || url.origin !== base?.origin)
    throw new ApiError('NotFoundError', 'The configured address of the API is no URL; wanted https://…');
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) url.searchParams.append(name, String(one));
    }
  }
  return url.href;
}
