import type { FilesRequest } from '../http/request.ts';
import { header } from '../http/request.ts';
import { FilesError } from '../errors.ts';
import type { Accounts } from './accounts.ts';

/** How far a request's date may be from the server's clock. */
const MAX_SKEW_MS = 15 * 60_000;

const SIGNED_HEADERS = [
  'content-language',
  'content-encoding',
  'content-length',
  'content-md5',
  'content-type',
  'date',
  'if-modified-since',
  'if-match',
  'if-none-match',
  'if-unmodified-since',
  'range',
] as const;

/**
 * Checks a `SharedKey account:signature` header. Source: Microsoft's page "Authorize with Shared Key".
 * @throws FilesError AuthenticationFailed, InvalidAuthenticationInfo
 */
export function verifySharedKey(request: FilesRequest, accounts: Accounts, nowMs: number): void {
  const match = /^SharedKey ([^:\s]+):([A-Za-z0-9+/=]+)$/.exec(header(request, 'authorization') ?? '');
  const [, account, signature] = match ?? [];
  if (account === undefined || signature === undefined) throw new FilesError('InvalidAuthenticationInfo');
  if (account !== request.address.account)
    throw failed('The account of the signature is not that of the URL.');
  checkDate(request, nowMs);
  const text = stringToSign(request, account);
  if (accounts.verify(account, text, signature)) return;
  throw failed(
    `The MAC signature found in the HTTP request is not the same as any computed signature. Server used following string to sign: '${text}'.`,
  );
}

function failed(detail: string): FilesError {
  return new FilesError('AuthenticationFailed', { details: { AuthenticationErrorDetail: detail } });
}

function checkDate(request: FilesRequest, nowMs: number): void {
  const text = header(request, 'x-ms-date') ?? header(request, 'date');
  const sentMs = Date.parse(text ?? '');
  if (text === undefined || Number.isNaN(sentMs)) throw failed('The request carries no valid date header.');
  if (nowMs - sentMs > MAX_SKEW_MS) throw failed(`Request date header too old: '${text}'`);
  if (sentMs - nowMs > MAX_SKEW_MS) throw failed(`Request date header too far in the future: '${text}'`);
}

/** What the client signed. */
function stringToSign(request: FilesRequest, account: string): string {
  const values = SIGNED_HEADERS.map((name) => {
    const value = header(request, name) ?? '';
    return name === 'content-length' && value === '0' ? '' : value;
  });
  const lines = [request.method, ...values].join('\n');
  return `${lines}\n${canonicalHeaders(request)}/${account}${request.rawPath}${canonicalQuery(request)}`;
}

function canonicalHeaders(request: FilesRequest): string {
  return Object.keys(request.incoming.headers)
    .filter((name) => name.startsWith('x-ms-'))
    .sort(compareHeaderNames)
    .map((name) => `${name}:${(header(request, name) ?? '').trim()}\n`)
    .join('');
}

function canonicalQuery(request: FilesRequest): string {
  return [...request.query]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `\n${name}:${value}`)
    .join('');
}

/**
 * The order of .NET's culture comparison, in which Azure sorts header names: hyphens are weighed only when all
 * else is equal, `_` goes before digits, digits before letters.
 */
export function compareHeaderNames(left: string, right: string): number {
  const byLetters = compareText(weighed(left), weighed(right));
  return byLetters === 0 ? compareText(left, right) : byLetters;
}

function weighed(name: string): string {
  return name.replaceAll('-', '').replaceAll('_', ' ');
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
