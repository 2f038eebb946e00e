import type { CompiledQuery, DatabaseConnection, QueryResult, TransactionSettings } from 'kysely';
import mssql from 'mssql';
import { classifyDatabaseError, PoolTimeoutError } from '../errors.ts';
import { notInTSql } from './not-in-t-sql.ts';
import { isAcquireTimeout, isUncancelled } from './error-kinds.ts';
import { parameterType } from './parameter.ts';
import type { ReconnectingPool } from './reconnecting-pool.ts';
import { rowsOf } from './rows.ts';

const isolationLevels: Readonly<Record<string, mssql.IIsolationLevel>> = {
  'read committed': mssql.ISOLATION_LEVEL.READ_COMMITTED,
  'repeatable read': mssql.ISOLATION_LEVEL.REPEATABLE_READ,
  serializable: mssql.ISOLATION_LEVEL.SERIALIZABLE,
  snapshot: mssql.ISOLATION_LEVEL.SNAPSHOT,
};

/**
 * What a statement, or a transaction's statements one after the other, run on. A connection of the pool is taken for
 * each statement outside a transaction, and once for all of a transaction.
 */
export class MssqlConnection implements DatabaseConnection {
  readonly #pool: ReconnectingPool;
  readonly #acquireTimeoutMs: number;
  #transaction: mssql.Transaction | undefined;
  /** Where the present statement or transaction has its connection from. */
  #taken: mssql.ConnectionPool | undefined;
  /** A transaction takes one statement at a time; PostgreSQL's client queues, so this does. */
  #previous: Promise<unknown> = Promise.resolve();

  constructor(pool: ReconnectingPool, acquireTimeoutMs: number) {
    this.#pool = pool;
    this.#acquireTimeoutMs = acquireTimeoutMs;
  }

  async begin(settings: TransactionSettings): Promise<void> {
    const pool = await this.#take();
    const transaction = pool.transaction();
    const level = isolationLevels[settings.isolationLevel ?? 'read committed'];
    if (level === undefined)
      throw notInTSql(
        `the isolation level ${String(settings.isolationLevel)}`,
        'read committed, repeatable read, serializable or snapshot',
      );
    await this.#explained(transaction.begin(level));
    this.#transaction = transaction;
  }

  async commit(): Promise<void> {
    await this.#ended()?.commit();
  }

  /** A transaction that the server has undone already, or that went with its connection, is rolled back. */
  async rollback(): Promise<void> {
    try {
      await this.#ended()?.rollback();
    } catch (error) {
      const undone = error instanceof mssql.TransactionError && error.code === 'EABORT';
      if (!undone && classifyDatabaseError(error).kind !== 'connection')
        this.#pool.replace(error, this.#taken);
    }
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#transaction === undefined) return this.#execute<R>((await this.#take()).request(), query);
    const transaction = this.#transaction;
    const result = this.#previous.then(() => this.#execute<R>(transaction.request(), query));
    this.#previous = result.catch(() => undefined); // thrown to this statement's caller, not to the next one's
    return result;
  }

  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    yield* [];
    throw new Error('Cannot stream rows: read them by pages (page)');
  }

  async #execute<R>(request: mssql.Request, query: CompiledQuery): Promise<QueryResult<R>> {
    query.parameters.forEach((value, index) => {
      request.input(`p${index + 1}`, parameterType(value), value);
    });
    const result = await this.#explained(request.query<Record<string, unknown>>(query.sql));
    const recordsets = result.recordsets;
    return {
      rows: rowsOf(recordsets.at(-1)) as R[],
      // A batch of two, as an upsert, counts both.
      numAffectedRows: BigInt(result.rowsAffected.reduce((sum, rows) => sum + rows, 0)),
    };
  }

  /** The pool's time-out says only that an operation took too long. */
  async #explained<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      // It took no word any more, not even to cancel: the others have probably gone the same way.
      if (isUncancelled(error)) this.#pool.replace(error, this.#taken);
      const state = this.#pool.state();
      if (!isAcquireTimeout(error) || state.open < state.max) throw error;
      this.#pool.noteExhaustion(state);
      throw new PoolTimeoutError({ ...state, acquireTimeoutMs: this.#acquireTimeoutMs }, error);
    }
  }

  async #take(): Promise<mssql.ConnectionPool> {
    this.#taken = await this.#pool.connected();
    return this.#taken;
  }

  #ended(): mssql.Transaction | undefined {
    const transaction = this.#transaction;
    this.#transaction = undefined;
    return transaction;
  }
}
