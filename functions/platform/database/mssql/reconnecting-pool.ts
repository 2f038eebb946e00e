import mssql from 'mssql';
import type { OpenSettings, PoolState } from '../database.ts';
import { exhaustionLog } from '../exhaustion-log.ts';
import { isAcquireTimeout } from './error-kinds.ts';

/** The server's own pool, made anew as often as needed: a failed connect is never remembered. */
export class ReconnectingPool {
  readonly #config: mssql.config;
  readonly #settings: OpenSettings;
  /** Called where a caller found no free connection. */
  readonly noteExhaustion: (state: PoolState) => void;
  #pool: mssql.ConnectionPool | undefined;
  #connecting: Promise<mssql.ConnectionPool> | undefined;
  #openedAt = 0;
  #closed = false;

  constructor(config: mssql.config, settings: OpenSettings) {
    this.#config = config;
    this.#settings = settings;
    this.noteExhaustion = exhaustionLog(settings.log);
  }

  /** The pool, connected; callers at the same time share one attempt, and its failure is theirs alone. */
  async connected(): Promise<mssql.ConnectionPool> {
    if (this.#closed) throw new Error('Cannot use the database: it was closed');
    if (this.#pool?.connected && this.#isTooOld()) this.replace('it has reached its lifetime', this.#pool);
    if (this.#pool?.connected) return this.#pool;
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  state(): PoolState {
    const pool = this.#pool?.connected ? this.#pool : undefined;
    return {
      max: this.#settings.poolMax,
      open: pool?.size ?? 0,
      idle: pool?.available ?? 0,
      waiting: pool?.pending ?? 0,
    };
  }

  /**
   * Leaves a pool one of whose connections is in an unknown state; what runs on its others runs to its end. Nothing
   * happens when `left` was left already.
   */
  replace(reason: unknown, left: mssql.ConnectionPool | undefined): void {
    if (left !== this.#pool) return;
    this.#pool = undefined;
    this.#log('database pool replaced', reason);
    left?.close().catch((error: unknown) => this.#log('the pool left behind did not close', error));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#connecting?.catch(() => undefined); // its callers hear of it
    await this.#pool?.close();
  }

  async #connect(): Promise<mssql.ConnectionPool> {
    const pool = new mssql.ConnectionPool(this.#config);
    // Without a listener an idle connection that breaks would end the process.
    pool.on('error', (error: unknown) => {
      if (!isAcquireTimeout(error)) this.#log('database connection lost', error);
    });
    await pool.connect();
    this.#pool = pool;
    this.#openedAt = performance.now();
    return pool;
  }

  /** So that a name that moved to another server is looked up again. */
  #isTooOld(): boolean {
    return performance.now() - this.#openedAt > this.#settings.maxLifetimeMs;
  }

  #log(message: string, error: unknown): void {
    this.#settings.log(message, { error: error instanceof Error ? error.message : String(error) });
  }
}
