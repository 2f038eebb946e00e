import type { DatabaseErrorKind } from '../errors.ts';

/** By SQLSTATE, the longest prefix wins (PostgreSQL, Appendix A: error codes). */
const bySqlState: Readonly<Record<string, DatabaseErrorKind>> = {
  '08': 'connection', // connection exceptions
  '23505': 'unique_violation',
  '25006': 'connection', // read only: the old primary of a failover; a new connection finds the new one
  '25P03': 'timeout', // idle in transaction: the session is gone
  '26000': 'connection', // the connection does not hold the statement that was named: a proxy, or DISCARD ALL
  '40001': 'deadlock', // serialization failure: as a deadlock, the whole transaction again
  '40P01': 'deadlock',
  '53100': 'full', // disk full
  '53300': 'connection', // too many connections
  '53400': 'full', // configuration limit exceeded
  '55P03': 'timeout', // lock not available
  '57014': 'timeout', // statement timeout
  '57P01': 'connection', // shut down, or terminated by an administrator
  '57P02': 'connection',
  '57P03': 'connection', // starting up
  '57P05': 'connection',
};

/** `pg` has no codes for what it finds out itself, only these words (pg 8.23, pg-pool 3.14). */
const byDriverMessage: ReadonlyArray<readonly [string, DatabaseErrorKind]> = [
  ['Connection terminated', 'connection'],
  ['Client has encountered a connection error', 'connection'],
  ['Client was closed and is not queryable', 'connection'],
  ['Query read timeout', 'timeout'],
];

export function postgresKind(error: object): DatabaseErrorKind | undefined {
  if ('severity' in error && 'code' in error && typeof error.code === 'string') {
    if (hasStalePlan(error)) return 'connection';
    return bySqlState[error.code] ?? bySqlState[error.code.slice(0, 2)];
  }
  if (!(error instanceof Error)) return undefined;
  return byDriverMessage.find(([words]) => error.message.startsWith(words))?.[1];
}

/** A plan that this connection keeps gives other columns since a migration; only a new connection plans anew. */
function hasStalePlan(error: object): boolean {
  return 'routine' in error && error.routine === 'RevalidateCachedQuery';
}
