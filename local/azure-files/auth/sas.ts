import { isIPv4 } from 'node:net';
import { FilesError } from '../errors.ts';
import type { FilesRequest } from '../http/request.ts';
import type { AccessPolicy } from '../store/shareRecord.ts';
import type { Accounts } from './accounts.ts';

/** What a valid shared access signature allows. */
export interface SasGrant {
  readonly kind: 'service' | 'account';
  /** Letters of `rwdlc…`. */
  readonly permissions: string;
  /** Account SAS: letters of `sco`, the resource types. */
  readonly resourceTypes: string;
}

/** Fields of the query that take part in a signature, and the response headers a SAS may override. */
export type SasQuery = ReadonlyMap<string, string>;

/** Whether a query carries a shared access signature. */
export function hasSas(query: SasQuery): boolean {
  return query.has('sig');
}

export interface SasContext {
  readonly accounts: Accounts;
  readonly nowMs: number;
  /** The stored access policies of the share, as they are now: that makes revocation immediate. */
  readonly policies: () => readonly AccessPolicy[];
}

/** The resource and connection a SAS is presented for. */
export type SasSubject = Pick<FilesRequest, 'query' | 'address' | 'remoteAddress' | 'isSecure'>;

/**
 * Checks a service or account SAS: signature, times, protocol, address, stored policy.
 * Source: Microsoft's pages "Create a service SAS" and "Create an account SAS".
 * @throws FilesError AuthenticationFailed, AuthorizationServiceMismatch, AuthorizationProtocolMismatch,
 * AuthorizationSourceIPMismatch
 */
export function verifySas(subject: SasSubject, context: SasContext): SasGrant {
  const grant = subject.query.has('ss')
    ? verifyAccountSas(subject, context)
    : verifyServiceSas(subject, context);
  checkConnection(subject);
  return grant;
}

function verifyAccountSas(subject: SasSubject, context: SasContext): SasGrant {
  const { query, address } = subject;
  const field = (name: string) => query.get(name) ?? '';
  const lines = [address.account, ...['sp', 'ss', 'srt', 'st', 'se', 'sip', 'spr', 'sv'].map(field), ''];
  // Since 2020-12-06 the encryption scope, which Azure Files does not have, takes a line of its own.
  if (field('sv') >= '2020-12-06') lines.splice(lines.length - 1, 0, field('ses'));
  checkSignature(subject, context, lines.join('\n'));
  checkTimes(field('st'), field('se'), context.nowMs);
  if (!field('ss').includes('f')) throw new FilesError('AuthorizationServiceMismatch');
  return { kind: 'account', permissions: field('sp'), resourceTypes: field('srt') };
}

function verifyServiceSas(subject: SasSubject, context: SasContext): SasGrant {
  const { query } = subject;
  const field = (name: string) => query.get(name) ?? '';
  const names = ['sip', 'spr', 'sv', 'rscc', 'rscd', 'rsce', 'rscl', 'rsct'];
  const lines = [
    field('sp'),
    field('st'),
    field('se'),
    signedResource(subject),
    field('si'),
    ...names.map(field),
  ];
  checkSignature(subject, context, lines.join('\n'));
  const policy = query.has('si') ? storedPolicy(field('si'), context) : { id: '' };
  const start = oneOf('st', field('st'), policy.start);
  const expiry = oneOf('se', field('se'), policy.expiry);
  const permissions = oneOf('sp', field('sp'), policy.permission);
  checkTimes(start, expiry, context.nowMs);
  return { kind: 'service', permissions, resourceTypes: '' };
}

/** A share SAS is signed for the share, a file SAS for exactly the file that is asked for. */
function signedResource({ query, address }: SasSubject): string {
  const share = `/file/${address.account}/${address.share ?? ''}`;
  const resource = query.get('sr');
  if (resource === 's') return share;
  if (resource === 'f') return `${share}/${address.path}`;
  throw denied('sr is mandatory. Cannot be empty; it must be s or f.');
}

function storedPolicy(id: string, context: SasContext): AccessPolicy {
  const policy = context.policies().find((each) => each.id === id);
  if (policy === undefined)
    throw denied(`Access without signed identifier: ${id} is not a stored access policy.`);
  return policy;
}

function oneOf(name: string, inSas: string, inPolicy: string | undefined): string {
  if (inSas !== '' && inPolicy !== undefined && inPolicy !== '') {
    throw denied(`${name} is set both in the signature and in its stored access policy.`);
  }
  return inSas === '' ? (inPolicy ?? '') : inSas;
}

function checkSignature(subject: SasSubject, context: SasContext, text: string): void {
  const signature = subject.query.get('sig') ?? '';
  if (context.accounts.verify(subject.address.account, text, signature)) return;
  throw denied(`Signature did not match. String to sign used was ${text}`);
}

function checkTimes(start: string, expiry: string, nowMs: number): void {
  const startMs = start === '' ? 0 : parseTime(start);
  const expiryMs = parseTime(expiry);
  if (Number.isNaN(startMs) || Number.isNaN(expiryMs)) throw denied('st or se is not a valid time.');
  if (nowMs >= startMs && nowMs < expiryMs) return;
  const now = new Date(nowMs).toUTCString();
  throw denied(
    `Signature not valid in the specified time frame: Start [${start}] - Expiry [${expiry}] - Current [${now}]`,
  );
}

/** The forms a SAS may use: a day, minutes, seconds or fractions, always UTC. */
function parseTime(text: string): number {
  if (!/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?Z)?$/.test(text)) return Number.NaN;
  return Date.parse(text);
}

function checkConnection({ query, remoteAddress, isSecure }: SasSubject): void {
  if (query.get('spr')?.toLowerCase() === 'https' && !isSecure) {
    throw new FilesError('AuthorizationProtocolMismatch');
  }
  const addresses = query.get('sip');
  if (addresses === undefined || isWithin(addresses, remoteAddress)) return;
  throw new FilesError('AuthorizationSourceIPMismatch');
}

function isWithin(range: string, remoteAddress: string): boolean {
  const [first = '', last = first] = range.split('-');
  if (!isIPv4(remoteAddress)) return false;
  return ipNumber(remoteAddress) >= ipNumber(first) && ipNumber(remoteAddress) <= ipNumber(last);
}

function ipNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function denied(detail: string): FilesError {
  return new FilesError('AuthenticationFailed', { details: { AuthenticationErrorDetail: detail } });
}
