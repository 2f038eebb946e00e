import { PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { assembleDatabase } from '../../functions/platform/database/assembled-database.ts';
import { type Database, openDatabase } from '../../functions/platform/database/index.ts';
import { valueParsers } from '../../functions/platform/database/postgres/value-parsers.ts';

/**
 * Runs several actors, each on a connection of its own to one real PostgreSQL, statement by statement in an order that
 * the test chooses. An actor stops before each statement that `isPoint` names; between two points it runs freely. One
 * that waits for another's lock is seen in the server's own lock table, so that no order rests on time.
 */
export interface Interleaver {
  /** Database of the actor of that place, to be given to the real functions. */
  readonly databases: readonly Database[];
  /** Runs the actors to their ends in the order that `choose` makes; gives that order, and what became of each. */
  run(actors: readonly (() => Promise<unknown>)[], choose: Choose): Promise<Interleaving>;
  close(): Promise<void>;
}

/** Which of the actors that can go on does so; `last` went on before. Gives an index into `ready`. */
export type Choose = (ready: readonly number[], last: number | undefined) => number;

export interface Interleaving {
  /** Actors in the order in which they went on. */
  readonly order: readonly number[];
  readonly outcomes: readonly PromiseSettledResult<unknown>[];
}

interface Actor {
  readonly pid: () => number;
  /** Present while it stops before a point. */
  goOn: (() => void) | undefined;
  isDone: boolean;
}

export async function openInterleaver(
  url: string,
  count: number,
  isPoint: (statement: string, isFirstUpdate: boolean) => boolean,
): Promise<Interleaver> {
  let isStepping = false;
  let noteProgress = (): void => undefined;
  const actors: Actor[] = [];
  const databases: Database[] = [];
  const clients: pg.Client[] = [];
  for (let index = 0; index < count; index += 1) {
    const client = new pg.Client({ connectionString: url, types: valueParsers });
    await client.connect();
    client.on('error', () => undefined); // a statement under way is told
    clients.push(client);
    let isInTransaction = false;
    let hasUpdated = false;
    const actor: Actor = {
      pid: () => (client as unknown as { processID: number }).processID,
      goOn: undefined,
      isDone: true,
    };
    const stop = (): Promise<void> =>
      new Promise((resolve) => {
        actor.goOn = () => {
          actor.goOn = undefined;
          resolve();
        };
        noteProgress();
      });
    const query = async (text: string, parameters: readonly unknown[]) => {
      if (text === 'begin') isInTransaction = true;
      if (text === 'commit' || text === 'rollback') isInTransaction = false;
      if (text === 'begin' || !isInTransaction) hasUpdated = false;
      const isUpdate = text.startsWith('update "sync_runs"');
      if (isStepping && isPoint(text, isUpdate && !hasUpdated)) await stop();
      hasUpdated ||= isUpdate;
      return client.query(text, [...parameters]);
    };
    const pooled = { query: query as never, release: () => undefined };
    databases.push(
      assembleDatabase({
        dialect: 'postgres',
        kyselyDialect: new PostgresDialect({
          pool: { connect: async () => pooled, end: async () => undefined },
        }),
        poolState: () => ({ max: 1, open: 1, idle: 1, waiting: 0 }),
      }),
    );
    actors.push(actor);
  }
  const monitor = await openDatabase({ url, poolMax: 1 });
  const isWaitingForLock = async (pid: number): Promise<boolean> => {
    const blocked = sql<{ blocked: boolean }>`select cardinality(pg_blocking_pids(${pid})) > 0 as blocked`;
    return (await blocked.execute(monitor.db)).rows[0]?.blocked ?? false;
  };
  /** Until every actor has ended, stops at a point, or waits for another's lock. */
  const settle = async (): Promise<void> => {
    for (;;) {
      const progress = new Promise<void>((resolve) => (noteProgress = resolve));
      const moving = actors.filter(({ goOn, isDone }) => goOn === undefined && !isDone);
      if (moving.length === 0) return;
      const blocked = await Promise.all(moving.map(({ pid }) => isWaitingForLock(pid())));
      const isOver =
        blocked.every(Boolean) && moving.every(({ goOn, isDone }) => goOn === undefined && !isDone);
      const somebodyIsReady = actors.some(({ goOn }) => goOn !== undefined);
      if (isOver && somebodyIsReady) return;
      await Promise.race([progress, new Promise((resolve) => setImmediate(resolve))]);
    }
  };

  return {
    databases,
    run: async (work, choose) => {
      isStepping = true;
      const ended = work.map(async (one, index) => {
        const actor = actors[index];
        if (actor === undefined) throw new Error('more work than actors');
        actor.isDone = false;
        try {
          return await one();
        } finally {
          actor.isDone = true;
          noteProgress();
        }
      });
      const outcomes = Promise.allSettled(ended);
      const order: number[] = [];
      for (;;) {
        await settle();
        const ready = actors.flatMap(({ goOn }, index) => (goOn === undefined ? [] : [index]));
        if (ready.length === 0) break;
        const next = ready[choose(ready, order.at(-1))] ?? ready[0];
        if (next === undefined) break;
        order.push(next);
        actors[next]?.goOn?.();
      }
      const result = await outcomes;
      isStepping = false;
      return { order, outcomes: result };
    },
    close: async () => {
      await Promise.all([...databases, monitor].map((database) => database.close()));
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}

/**
 * Goes through every order: calls `once` with a `choose` again and again until all are done, and gives their number. With
 * `mostSwitches`, only orders in which a running actor is left that often at most for another that could also go on.
 */
export async function everyOrder(
  once: (choose: Choose) => Promise<void>,
  mostSwitches = Number.POSITIVE_INFINITY,
): Promise<number> {
  const path: { choice: number; readonly options: number }[] = [];
  for (let count = 1; ; count += 1) {
    let depth = 0;
    let switches = 0;
    await once((ready, last) => {
      const canStay = last !== undefined && ready.includes(last);
      const options = canStay && switches >= mostSwitches ? [last] : inTurn(ready, last);
      const step = path[depth] ?? { choice: 0, options: options.length };
      if (depth === path.length) path.push(step);
      depth += 1;
      const chosen = options[step.choice] ?? options[0] ?? 0;
      if (canStay && chosen !== last) switches += 1;
      return ready.indexOf(chosen);
    });
    path.length = Math.min(path.length, depth);
    while (path.length > 0 && (path.at(-1)?.choice ?? 0) + 1 >= (path.at(-1)?.options ?? 0)) path.pop();
    const deepest = path.at(-1);
    if (deepest === undefined) return count;
    deepest.choice += 1;
  }
}

/** Whoever went on last first: so that the first order switches least. */
function inTurn(ready: readonly number[], last: number | undefined): readonly number[] {
  if (last === undefined || !ready.includes(last)) return ready;
  return [last, ...ready.filter((index) => index !== last)];
}
