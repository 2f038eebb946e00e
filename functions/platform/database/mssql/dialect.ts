import { MssqlIntrospector } from 'kysely';
import type {
  DatabaseIntrospector,
  Dialect,
  DialectAdapter,
  Driver,
  Kysely,
  QueryCompiler,
  TransactionSettings,
} from 'kysely';
import { TSqlAdapter } from './adapter.ts';
import { MssqlConnection } from './connection.ts';
import { TSqlCompiler } from './query-compiler.ts';
import type { ReconnectingPool } from './reconnecting-pool.ts';

/** Kysely's seam for SQL Server over the `mssql` package's own pool and transactions. */
export class MssqlPoolDialect implements Dialect {
  readonly #pool: ReconnectingPool;
  readonly #acquireTimeoutMs: number;

  constructor(pool: ReconnectingPool, acquireTimeoutMs: number) {
    this.#pool = pool;
    this.#acquireTimeoutMs = acquireTimeoutMs;
  }

  createDriver(): Driver {
    return new MssqlPoolDriver(this.#pool, this.#acquireTimeoutMs);
  }

  createQueryCompiler(): QueryCompiler {
    return new TSqlCompiler();
  }

  createAdapter(): DialectAdapter {
    return new TSqlAdapter();
  }

  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new MssqlIntrospector(db);
  }
}

class MssqlPoolDriver implements Driver {
  readonly #pool: ReconnectingPool;
  readonly #acquireTimeoutMs: number;

  constructor(pool: ReconnectingPool, acquireTimeoutMs: number) {
    this.#pool = pool;
    this.#acquireTimeoutMs = acquireTimeoutMs;
  }

  /** The first statement connects. */
  async init(): Promise<void> {
    return;
  }

  async acquireConnection(): Promise<MssqlConnection> {
    return new MssqlConnection(this.#pool, this.#acquireTimeoutMs);
  }

  async beginTransaction(connection: MssqlConnection, settings: TransactionSettings): Promise<void> {
    await connection.begin(settings);
  }

  async commitTransaction(connection: MssqlConnection): Promise<void> {
    await connection.commit();
  }

  async rollbackTransaction(connection: MssqlConnection): Promise<void> {
    await connection.rollback();
  }

  async releaseConnection(): Promise<void> {
    return;
  }

  async destroy(): Promise<void> {
    await this.#pool.close();
  }
}
