import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type pg from 'pg';
import type { OpenSettings, PoolState } from '../database.ts';
import { classifyDatabaseError, PoolTimeoutError } from '../errors.ts';

export interface GuardedPool {
  readonly pool: PostgresPool;
  readonly state: () => PoolState;
}

/**
 * `pg`'s pool with its three traps closed: an idle or a reserved connection that breaks raises an `error` event that
 * would end the process; a connection that broke or fell silent in use would be handed to the next caller;
 * and waiting in vain for a free one reads as if the server were down.
 */
export function guardedPool(pool: pg.Pool, settings: OpenSettings): GuardedPool {
  pool.on('error', (error) => settings.log('database connection lost while idle', { error: error.message }));
  pool.on('connect', (client) => {
    client.on('error', (error) => settings.log('database connection lost', { error: error.message }));
  });
  const state = (): PoolState => ({
    max: settings.poolMax,
    open: pool.totalCount,
    idle: pool.idleCount,
    waiting: pool.waitingCount,
  });
  const connect = async (): Promise<PostgresPoolClient> => {
    try {
      return guardedClient(await pool.connect());
    } catch (error) {
      throw isQueueTimeout(error)
        ? new PoolTimeoutError({ ...state(), acquireTimeoutMs: settings.acquireTimeoutMs }, error)
        : error;
    }
  };
  return { pool: { connect, end: () => pool.end() }, state };
}

/** pg-pool's words for a caller that waited in the queue; connections that were not made have others. */
function isQueueTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'timeout exceeded when trying to connect';
}

function guardedClient(client: pg.PoolClient): PostgresPoolClient {
  let broken = false;
  const query = async (text: string, parameters: readonly unknown[]) => {
    // It went with its connection; an error of its own would hide the one that broke it.
    if (broken && text === 'rollback') return { command: 'ROLLBACK', rowCount: 0, rows: [] };
    try {
      return await client.query(text, [...parameters]);
    } catch (error) {
      const { kind } = classifyDatabaseError(error);
      // After a silent time-out the old answer may still come: the connection cannot be used again.
      broken ||= kind === 'connection' || (error instanceof Error && error.message === 'Query read timeout');
      throw error;
    }
  };
  return { query: query as unknown as PostgresPoolClient['query'], release: () => client.release(broken) };
}
