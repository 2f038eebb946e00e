import type { DatabaseErrorKind } from '../errors.ts';
import { LockNotTakenError } from '../fragments/lock-not-taken-error.ts';

/** By SQL Server's message number; Azure SQL's transient ones are those its documentation tells clients to retry. */
const byNumber: ReadonlyMap<number, DatabaseErrorKind> = new Map<number, DatabaseErrorKind>([
  ...kinds('unique_violation', 2627, 2601), // constraint, index: the same thing to us
  ...kinds('deadlock', 1205, 3960), // 3960: snapshot update conflict
  ...kinds('timeout', 1222, -2), // lock request, command
  ...kinds('full', 40544, 1101, 1105, 9002), // quota; file group; log: somebody has to make room
  // Failover, reconfiguration, service busy, too many operations, limits of workers and sessions, database not yet there.
  ...kinds(
    'connection',
    40613,
    40197,
    40501,
    40143,
    40540,
    49918,
    49919,
    49920,
    10928,
    10929,
    4060,
    4221,
    615,
    3906, // read only: the old primary of a failover
  ),
  ...kinds('connection', 233, 64, 20, 121, 10053, 10054, 10060, 11001, 6005, 17142), // transport, shutting down
]);

/** Codes of the `mssql` and `tedious` packages for what they find out themselves. */
const byCode: Readonly<Record<string, DatabaseErrorKind>> = {
  ETIMEOUT: 'timeout',
  ESOCKET: 'connection',
  ECONNCLOSED: 'connection',
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
    const kind = byNumber.get(error.number);
    if (kind !== undefined) return kind;
  }
  if (!('code' in error) || typeof error.code !== 'string') return undefined;
  const kind = byCode[error.code];
  // ETIMEOUT is a statement's on a request and a server's that does not answer on a connection.
  return kind === 'timeout' && 'name' in error && error.name === 'ConnectionError' ? 'connection' : kind;
}

function kinds(kind: DatabaseErrorKind, ...numbers: readonly number[]): Array<[number, DatabaseErrorKind]> {
  return numbers.map((number) => [number, kind]);
}
