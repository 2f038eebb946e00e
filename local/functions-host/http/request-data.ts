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

/** Azure's front end appends the address it sees; whatever a client wrote there itself stands before it. */
function forwardedFor(request: IncomingMessage): string {
  const before = request.headers['x-forwarded-for'];
  const address = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  if (before === undefined || before === '') return address;
  return `${Array.isArray(before) ? before.join(', ') : before}, ${address}`;
}
