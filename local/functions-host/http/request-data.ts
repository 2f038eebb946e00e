import type { IncomingMessage } from 'node:http';
import type { RpcHttpData } from '../core-api.ts';
import type { RouteParameters } from './match-template.ts';
import { RefusedRequest } from './request-failures.ts';

/** The request in the form the library takes it. `body` is undefined where there is none. */
export function toRequestData(
  request: IncomingMessage,
  parameters: RouteParameters,
  body: Buffer | undefined,
): RpcHttpData {
  const target = request.url ?? '/';
  const data: RpcHttpData = {
    method: request.method ?? 'GET',
    url: `http://${hostOf(request)}${target}`,
    headers: flatHeaders(request),
    query: readQuery(target),
    params: parameters,
  };
  if (body !== undefined) data.body = { bytes: body };
  return data;
}

/** Several headers of one name are one value with commas, as in Azure. */
function flatHeaders(request: IncomingMessage): Record<string, string> {
  const { headers } = request;
  const flat = headers as Record<string, string>;
  flat['x-forwarded-for'] = forwardedFor(request);
  const cookies = headers['set-cookie'];
  return cookies === undefined ? flat : { ...flat, 'set-cookie': cookies.join(', ') };
}

/** Azure's front end appends the address it sees; whatever a client wrote there itself stands before it. */
function forwardedFor(request: IncomingMessage): string {
  const before = request.headers['x-forwarded-for'];
  const address = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  if (before === undefined || before === '') return address;
  return `${Array.isArray(before) ? before.join(', ') : before}, ${address}`;
}

const hostPattern = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

function hostOf(request: IncomingMessage): string {
  const host = request.headers.host ?? 'localhost';
  if (!hostPattern.test(host)) throw new RefusedRequest(400, 'The Host header is no host name.');
  return host;
}

const noQuery = Object.freeze({});

/** `?a=1&a=2` is `'1,2'`; names are compared without case and keep the spelling that came first. */
function readQuery(target: string): Record<string, string> {
  const start = target.indexOf('?');
  if (start === -1) return noQuery;
  const query = new Map<string, { name: string; value: string }>();
  for (const [name, value] of new URLSearchParams(target.slice(start + 1))) {
    const known = query.get(name.toLowerCase());
    if (known === undefined) query.set(name.toLowerCase(), { name, value });
    else known.value += `,${value}`;
  }
  return Object.fromEntries([...query.values()].map(({ name, value }) => [name, value]));
}
