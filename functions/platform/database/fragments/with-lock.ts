import { sql } from 'kysely';
import type { Db } from '../schema.ts';
import { inTransaction } from '../transaction.ts';
import { bySql } from './by-sql.ts';
import { LockNotTakenError } from './lock-not-taken-error.ts';

/** How long a rival may hold a lock before waiting for it is an error on SQL Server; PostgreSQL ends at its statement timeout. */
const lockTimeoutMs = 60_000;

/**
 * Runs `fn` in a transaction that alone holds the lock of that name (up to 255 characters), across all processes on
 * the database; the lock ends with the transaction. Within a transaction `db` is that one. Do no slow I/O in `fn`.
 */
export async function withLock<T>(db: Db, name: string, fn: (transaction: Db) => Promise<T>): Promise<T> {
  return inTransaction(db, async (transaction) => {
    await takeLock(transaction, name);
    return fn(transaction);
  });
}

async function takeLock(transaction: Db, name: string): Promise<void> {
  const lock = bySql<{ outcome: number }>({
    postgres: sql`select 0 as outcome from pg_advisory_xact_lock(hashtextextended(${name}, 0))`,
    mssql: sql`declare @outcome int; exec @outcome = sp_getapplock @Resource = ${name}, @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = ${sql.lit(lockTimeoutMs)}; select @outcome as outcome;`,
  });
  const outcome = (await lock.execute(transaction)).rows[0]?.outcome ?? -999;
  if (outcome < 0) throw new LockNotTakenError(name, outcome);
}
