import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type pg from 'pg';
import type { OpenSettings, PoolState } from '../database.ts';
import { classifyDatabaseError, PoolTimeoutError } from '../errors.ts';
import { exhaustionLog } from '../exhaustion-log.ts';
import type { NameOf } from './statement-names.ts';
import { travellingBegin } from './travelling-begin.ts';

export interface GuardedPool {
  readonly pool: PostgresPool;
  readonly state: () => PoolState;
}

/** What a connection that was forgotten on the way may cost whoever takes it next. */
const validationTimeoutMs = 2_000;

/**
 * `pg`'s pool with its traps closed: an idle or a reserved connection that breaks raises an `error` event that
 * would end the process; a connection that broke or fell silent in use would be handed to the next caller; one that
 * a failover or a firewall forgot while it was idle would cost its next caller a whole statement's time-out;
 * and waiting in vain for a free one reads as if the server were down. Without `nameOf` connections keep no plans.
 */
export function guardedPool(pool: pg.Pool, settings: OpenSettings, nameOf: NameOf | undefined): GuardedPool {
  const seen = new LastSeen(settings.validateIdleMs);
  const noteExhaustion = exhaustionLog(settings.log);
  pool.on('error', (error) => settings.log('database connection lost while idle', { error: error.message }));
  pool.on('connect', (client) => {
    seen.answered(client);
    client.on('error', (error) => settings.log('database connection lost', { error: error.message }));
  });
  const state = (): PoolState => ({
    max: settings.poolMax,
    open: pool.totalCount,
    idle: pool.idleCount,
    waiting: pool.waitingCount,
  });
  const taken = async (): Promise<pg.PoolClient> => {
    try {
      return await pool.connect();
    } catch (error) {
      if (!isQueueTimeout(error)) throw error;
      noteExhaustion(state());
      throw new PoolTimeoutError({ ...state(), acquireTimeoutMs: settings.acquireTimeoutMs }, error);
    }
  };
  const connect = async (): Promise<PostgresPoolClient> => {
    // Each turn ends a connection that does not answer; one that was just made is not asked.
    for (;;) {
      const client = await taken();
      if (!seen.isDoubtful(client) || (await answers(client))) return guardedClient(client, seen, nameOf);
      settings.log('database connection given up: it did not answer', { open: pool.totalCount });
      seen.doubtAll();
      client.release(true);
    }
  };
  return { pool: { connect, end: () => pool.end() }, state };
}

/** When each connection last answered; those of before a loss are doubtful, and those long idle. */
class LastSeen {
  readonly #validateIdleMs: number;
  readonly #answeredAt = new WeakMap<pg.ClientBase, number>();
  #doubtedBefore = 0;

  constructor(validateIdleMs: number) {
    this.#validateIdleMs = validateIdleMs;
  }

  answered(client: pg.ClientBase): void {
    this.#answeredAt.set(client, performance.now());
  }

  /** One was lost: whatever took it may have taken the others. */
  doubtAll(): void {
    this.#doubtedBefore = performance.now();
  }

  isDoubtful(client: pg.ClientBase): boolean {
    const at = this.#answeredAt.get(client) ?? 0;
    return at < this.#doubtedBefore || performance.now() - at > this.#validateIdleMs;
  }
}

async function answers(client: pg.PoolClient): Promise<boolean> {
  const question = { text: 'select 1', query_timeout: validationTimeoutMs };
  return client.query(question).then(
    () => true,
    () => false, // whoever asked takes another connection; the pool logs the loss
  );
}

function isEnd(text: string): boolean {
  return text === 'commit' || text === 'rollback';
}

/** The answer to the end of a transaction of which the server holds nothing. */
function nothingTo(text: string): { command: string; rowCount: number; rows: never[] } {
  return { command: text.toUpperCase(), rowCount: 0, rows: [] };
}

/** PostgreSQL's answer to a `commit` after a statement that failed is that it rolled back, which to it is no error. */
class NotCommittedError extends Error {
  override readonly name = 'NotCommittedError';

  constructor() {
    super('Could not commit: a statement of the transaction had failed, and its error was caught');
  }
}

/** pg-pool's words for a caller that waited in the queue; connections that were not made have others. */
function isQueueTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'timeout exceeded when trying to connect';
}

function guardedClient(
  client: pg.PoolClient,
  seen: LastSeen,
  nameOf: NameOf | undefined,
): PostgresPoolClient {
  let broken = false;
  const beginning = nameOf === undefined ? undefined : travellingBegin(client);
  const send = async (text: string, parameters: readonly unknown[]) => {
    if (text === 'begin' && beginning !== undefined) {
      await beginning.begin();
      return { command: 'BEGIN', rowCount: null, rows: [] };
    }
    if (beginning?.isKeptBack === true && isEnd(text)) {
      beginning.drop();
      return nothingTo(text);
    }
    const values = [...parameters];
    const name = nameOf?.(text);
    if (beginning?.isKeptBack === true) return beginning.sendBefore({ text, values, name });
    const result = await client.query(name === undefined ? { text, values } : { name, text, values });
    if (text === 'commit' && result.command === 'ROLLBACK') throw new NotCommittedError();
    return result;
  };
  const query = async (text: string, parameters: readonly unknown[]) => {
    // It went with its connection; an error of its own would hide the one that broke it.
    if (broken && text === 'rollback') return nothingTo(text);
    try {
      return await send(text, parameters);
    } catch (error) {
      const { kind } = classifyDatabaseError(error);
      // After a silent time-out the old answer may still come: the connection cannot be used again.
      broken ||= kind === 'connection' || (error instanceof Error && error.message === 'Query read timeout');
      throw error;
    }
  };
  const release = (): void => {
    if (broken) seen.doubtAll();
    else seen.answered(client);
    client.release(broken);
  };
  return { query: query as unknown as PostgresPoolClient['query'], release };
}
