import type { DatabaseErrorKind } from '../errors.ts';
import { LockNotTakenError } from '../fragments/lock-not-taken-error.ts';
import { kindOfNumber } from './error-numbers.ts';

/** Codes of the `mssql` and `tedious` packages for what they find out themselves. */
const byCode: Readonly<Record<string, DatabaseErrorKind>> = {
  ETIMEOUT: 'timeout',
  ESOCKET: 'connection',
  ECONNCLOSED: 'connection',
  ECLOSE: 'connection', // while a request was under way
  EFEDAUTH: 'connection', // no token was given out: who gives them out did not answer
  ENOTOPEN: 'connection',
  ENOCONN: 'connection',
  EINVALIDSTATE: 'connection', // a request on a connection that has ended
  EINSTLOOKUP: 'connection',
};

/** The pool has no code for it, only these words (mssql 12.7). */
export function isAcquireTimeout(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Failed to acquire a connection from the pool');
}

/** A statement that took too long, on a connection that did not even take its cancelling (tedious 19). */
export function isUncancelled(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Failed to cancel request');
}

export function mssqlKind(error: object): DatabaseErrorKind | undefined {
  // A connection was not made in time; one that was not free is a PoolTimeoutError.
  if (isAcquireTimeout(error)) return 'connection';
  if (error instanceof LockNotTakenError) return error.outcome === -3 ? 'deadlock' : 'timeout';
  if ('number' in error && typeof error.number === 'number') {
    const kind = kindOfNumber(error.number);
    if (kind !== undefined) return kind;
  }
  if (!('code' in error) || typeof error.code !== 'string') return undefined;
  const kind = byCode[error.code];
  // ETIMEOUT is a statement's on a request and a server's that does not answer on a connection.
  return kind === 'timeout' && 'name' in error && error.name === 'ConnectionError' ? 'connection' : kind;
}
