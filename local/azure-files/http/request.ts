import type { IncomingMessage } from 'node:http';
import { FilesError, missingHeader } from '../errors.ts';
import { parseAddress, parseQuery } from './address.ts';
import type { Address } from './address.ts';

/** Which kind of resource a request is about. */
export type Level = 'service' | 'share' | 'directory' | 'file';

/** A request, read but neither authenticated nor its body received. */
export interface FilesRequest {
  readonly method: string;
  readonly rawPath: string;
  readonly query: ReadonlyMap<string, string>;
  readonly address: Address;
  readonly level: Level;
  readonly comp: string | undefined;
  readonly incoming: IncomingMessage;
  readonly remoteAddress: string;
  /** Over TLS. A header that says so is not believed: anybody can send one. */
  readonly isSecure: boolean;
}

/**
 * Reads the request line and the host.
 * @throws FilesError InvalidUri
 */
export function readRequest(incoming: IncomingMessage, isAccount: (name: string) => boolean): FilesRequest {
  const url = incoming.url ?? '/';
  const question = url.indexOf('?');
  const rawPath = question === -1 ? url : url.slice(0, question);
  const query = parseQuery(question === -1 ? '' : url.slice(question + 1));
  const host = incoming.headers.host ?? '';
  const plain = parseAddress(host, rawPath, isAccount);
  const address = repairedRename(plain, query, incoming, isAccount, host);
  return {
    method: incoming.method ?? 'GET',
    rawPath,
    query,
    address,
    level: levelOf(address, query),
    comp: query.get('comp')?.toLowerCase(),
    incoming,
    remoteAddress: (incoming.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    isSecure: 'encrypted' in incoming.socket,
  };
}

/**
 * The storage SDK drops the account from the destination of a rename in path style (12.31 and 12.33): such a
 * destination is read as lying in the account of its source.
 */
function repairedRename(
  address: Address,
  query: ReadonlyMap<string, string>,
  incoming: IncomingMessage,
  isAccount: (name: string) => boolean,
  host: string,
): Address {
  const source = incoming.headers['x-ms-file-rename-source'];
  if (query.get('comp') !== 'rename' || typeof source !== 'string' || isAccount(address.account))
    return address;
  if (!URL.canParse(source) || address.share === undefined) return address;
  const { account } = parseAddress(host, new URL(source).pathname, isAccount);
  const path = address.path === '' ? address.share : `${address.share}/${address.path}`;
  return { account, share: address.account, path };
}

function levelOf(address: Address, query: ReadonlyMap<string, string>): Level {
  if (address.share === undefined) return 'service';
  const restype = query.get('restype')?.toLowerCase();
  if (restype === 'directory') return 'directory';
  if (address.path === '') return 'share';
  if (restype === undefined) return 'file';
  throw new FilesError('InvalidQueryParameterValue', {
    details: { QueryParameterName: 'restype', QueryParameterValue: restype },
  });
}

/** A request header, or undefined; one given twice is joined by commas. */
export function header(request: FilesRequest, name: string): string | undefined {
  const value = request.incoming.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

/** @throws FilesError MissingRequiredHeader */
export function requiredHeader(request: FilesRequest, name: string): string {
  const value = header(request, name);
  if (value === undefined || value === '') throw missingHeader(name);
  return value;
}

/** Whether a header says `true`. */
export function isTrue(request: FilesRequest, name: string): boolean {
  return header(request, name)?.toLowerCase() === 'true';
}
