import { Kysely, sql } from 'kysely';
import type { Dialect as KyselyDialect, KyselyPlugin, RootOperationNode } from 'kysely';
import type { Database, PoolState } from './database.ts';
import { toldOnceDone } from '../telemetry/customEvents.ts';
import { tellStatement } from '../telemetry/statements.ts';
import type { Dialect } from './database-url.ts';
import { classifyDatabaseError } from './errors.ts';
import { afterDeadlock, withRetry } from './retry.ts';
import type { Schema } from './schema.ts';

/** The part of a database that is the same for both dialects, around the one that is not. */
export function assembleDatabase(parts: {
  readonly dialect: Dialect;
  readonly kyselyDialect: KyselyDialect;
  readonly poolState: () => PoolState;
  readonly onStatement?: (statement: RootOperationNode) => void;
}): Database {
  const plugins = parts.onStatement ? [watching(parts.onStatement)] : [];
  const db = new Kysely<Schema>({
    dialect: parts.kyselyDialect,
    plugins,
    log: (event) => tellStatement(parts.dialect, event, (error) => classifyDatabaseError(error).kind),
  });
  let closing: Promise<void> | undefined;
  return {
    db,
    dialect: parts.dialect,
    transaction: (fn, retry = afterDeadlock) =>
      withRetry(() => toldOnceDone(() => db.transaction().execute(fn)), retry),
    ping: async () => {
      await sql`select 1 as answer`.execute(db);
    },
    poolState: parts.poolState,
    close: () => (closing ??= db.destroy()),
  };
}

function watching(onStatement: (statement: RootOperationNode) => void): KyselyPlugin {
  return {
    transformQuery: ({ node }) => {
      onStatement(node);
      return node;
    },
    transformResult: async ({ result }) => result,
  };
}
