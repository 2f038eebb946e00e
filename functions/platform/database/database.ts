import type { RootOperationNode } from 'kysely';
import { parseDatabaseUrl } from './database-url.ts';
import type { Dialect } from './database-url.ts';
import type { RetryPolicy } from './retry.ts';
import type { Db } from './schema.ts';

export interface PoolState {
  readonly max: number;
  readonly open: number;
  readonly idle: number;
  readonly waiting: number;
}

export interface Database {
  readonly db: Db;
  readonly dialect: Dialect;
  /**
   * Runs `fn` in one transaction and commits; any throw rolls back and is thrown on. After a deadlock the server has
   * undone everything and `fn` runs again (`retry`, by default `afterDeadlock`): keep other effects out of it.
   */
  transaction<T>(fn: (transaction: Db) => Promise<T>, retry?: RetryPolicy): Promise<T>;
  /** Resolves if the database answers; throws what hinders it. */
  ping(): Promise<void>;
  poolState(): PoolState;
  /** Waits for statements under way, then closes every connection. Idempotent. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  /** Connections at most; small, because every host has a pool and the server one bound. */
  readonly poolMax?: number;
  /** After this a statement is cancelled. */
  readonly statementTimeoutMs?: number;
  /** How long a caller may wait for a free connection, and a connection for its server. */
  readonly acquireTimeoutMs?: number;
  /** A connection is left after this, so that a name that moved to another server is looked up again. */
  readonly maxLifetimeMs?: number;
  /** A connection that was idle for longer is asked whether it still answers before it is used (PostgreSQL). */
  readonly validateIdleMs?: number;
  /** Hears of connections that broke while nobody was using them, and of a pool without free ones. Never given a password. */
  readonly log?: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  /** Sees each statement's tree before it runs, and may refuse it by throwing; for tests. */
  readonly onStatement?: (statement: RootOperationNode) => void;
}

/** What each dialect is opened with. */
export type OpenSettings = Required<Omit<DatabaseOptions, 'onStatement' | 'url'>> &
  Pick<DatabaseOptions, 'onStatement'>;

/** Opens a pool; the first statement connects. Throws TypeError, without the password, for a URL it cannot read. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const address = parseDatabaseUrl(options.url);
  const settings: OpenSettings = {
    poolMax: options.poolMax ?? 20,
    statementTimeoutMs: options.statementTimeoutMs ?? 30_000,
    acquireTimeoutMs: options.acquireTimeoutMs ?? 10_000,
    maxLifetimeMs: options.maxLifetimeMs ?? 30 * 60_000,
    validateIdleMs: options.validateIdleMs ?? 5_000,
    log: options.log ?? (() => undefined),
    ...(options.onStatement && { onStatement: options.onStatement }),
  };
  // Only the driver that is used is loaded: the other would cost a cold start 30 MB.
  const { open } = await (address.dialect === 'postgres'
    ? import('./postgres/open.ts')
    : import('./mssql/open.ts'));
  return open(address, settings);
}
