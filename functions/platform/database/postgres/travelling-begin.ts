import pg from 'pg';

const BEGIN = { name: 'ds_begin', text: 'begin' };

export interface Statement {
  readonly text: string;
  readonly values: unknown[];
  /** Under which the connection keeps its plan. */
  readonly name: string | undefined;
}

/**
 * `begin` does not wait for its answer: it travels with the first statement of its transaction, one way to the server and
 * back less for each. Both are one message exchange: where `begin` fails, PostgreSQL skips the statement, so that it is never
 * carried out alone (PostgreSQL's documentation, "Message Flow", extended query: after an error all is discarded up to Sync).
 */
export interface TravellingBegin {
  /** Keeps `begin` back; the first time on a connection it is sent at once, so that the connection knows it by name. */
  begin(): Promise<void>;
  /** Whether one is kept back. */
  readonly isKeptBack: boolean;
  /** Nothing came after it: no transaction was begun, and none is to be ended. */
  drop(): void;
  /** Sends it, and the statement with it; resolves to the statement's result. */
  sendBefore(statement: Statement): Promise<pg.QueryResult>;
}

/** Connections that know `begin` by its name. */
const prepared = new WeakSet<pg.ClientBase>();

export function travellingBegin(client: pg.ClientBase): TravellingBegin {
  let isKeptBack = false;
  return {
    begin: async () => {
      if (prepared.has(client)) {
        isKeptBack = true;
        return;
      }
      await client.query(BEGIN);
      prepared.add(client);
    },
    get isKeptBack() {
      return isKeptBack;
    },
    drop: () => {
      isKeptBack = false;
    },
    sendBefore: async (statement) => {
      isKeptBack = false;
      // Without parameters it may be several, as those of a migration are: such go by another protocol.
      if (statement.values.length > 0) return sendTogether(client, statement);
      await client.query(BEGIN);
      return client.query(statement.text);
    },
  };
}

function sendTogether(client: pg.ClientBase, { text, values, name }: Statement): Promise<pg.QueryResult> {
  const { promise, resolve, reject } = Promise.withResolvers<pg.QueryResult>();
  const config = name === undefined ? { text, values } : { text, values, name };
  client.query(
    new WithBegin(config, (error, results) => {
      if (error) reject(error);
      else resolve(lastOf(results));
    }),
  );
  return promise;
}

/** What it returns, if anything, is an error that `pg` tells the caller. */
const submitAlone: (this: pg.Query, connection: pg.Connection) => unknown = pg.Query.prototype.submit;

/** A statement that `begin` goes before, in the same exchange. */
class WithBegin extends pg.Query {
  override submit = (connection: pg.Connection): unknown => {
    connection.stream.cork();
    try {
      connection.bind({ statement: BEGIN.name }, true);
      connection.execute(null, true);
      return submitAlone.call(this, connection);
    } finally {
      connection.stream.uncork();
    }
  };
}

/** Of an exchange of several, `pg` hands over a list. */
function lastOf(results: unknown): pg.QueryResult {
  const [, last] = results as [pg.QueryResult, pg.QueryResult];
  return last;
}
