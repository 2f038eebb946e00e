import { expressionBuilder } from 'kysely';
import type { Expression, ExpressionBuilder, QueryResult, SqlBool } from 'kysely';
import { classifyDatabaseError } from '../errors.ts';
import { afterDeadlock, withRetry } from '../retry.ts';
import type { Db, Schema, TableName } from '../schema.ts';
import { inTransaction } from '../transaction.ts';
import type { ColumnTypes, RowOf } from './column-type.ts';
import { isTSql } from './is-t-sql.ts';
import { keptUpsert } from './kept-upsert.ts';
import { sortedBatches } from './row-batches.ts';
import { upsertStatement } from './upsert-statement.ts';

export type ColumnOf<T extends TableName> = string & keyof Schema[T];

/** The row that is there, and the one that was sent. */
export interface UpsertRows<T extends TableName> {
  readonly existing: Schema[T];
  readonly excluded: Schema[T];
}

export type UpsertBuilder<T extends TableName> = ExpressionBuilder<UpsertRows<T>, 'existing' | 'excluded'>;

export interface UpsertOptions<T extends TableName, C extends ColumnTypes> {
  readonly rows: ReadonlyArray<RowOf<C>>;
  /** What is sent of each row; `id` for key columns that are text, `json` holds text made by `json()`. */
  readonly columns: C & Partial<Record<ColumnOf<T>, unknown>> & Record<Exclude<keyof C, ColumnOf<T>>, never>;
  /** The columns of the primary key or of a unique constraint; all of them are sent. */
  readonly key: ReadonlyArray<ColumnOf<T> & keyof C>;
  /** Columns that a row already there takes over from the sent one; empty: it stays as it is. */
  readonly update: ReadonlyArray<ColumnOf<T> & keyof C>;
  /** Further columns of a row already there, from expressions, e.g. `(eb) => ({ generation: eb('existing.generation', '+', 1) })`. */
  readonly set?: (eb: UpsertBuilder<T>) => Partial<Record<ColumnOf<T>, Expression<unknown>>>;
  /** A row already there changes only if this holds, e.g. `(eb) => eb('excluded.updated_at', '>=', eb.ref('existing.updated_at'))`. */
  readonly guard?: (eb: UpsertBuilder<T>) => Expression<SqlBool>;
}

/**
 * Inserts rows, or updates those whose key is there; gives the number of rows written (those held back by the guard
 * are not). All rows or none, in batches of 1,000 sorted by key, so that rivals do not deadlock; safe against any
 * number of rivals on the same keys. Throws TypeError if two rows have the same key: which wins is the caller's to say.
 */
export async function upsert<T extends TableName, C extends ColumnTypes>(
  db: Db,
  table: T,
  options: UpsertOptions<T, C>,
): Promise<number> {
  const batches = sortedBatches(table, options.rows, options.key);
  const statements = batches.map((rows) => statementOf(db, table, { ...options, rows }));
  if (statements.length === 0) return 0;
  const writeAll = async (transaction: Db): Promise<number> => {
    let written = 0;
    for (const statement of statements) written += await writeBatch(transaction, statement);
    return written;
  };
  return db.isTransaction ? writeAll(db) : withRetry(() => inTransaction(db, writeAll), afterDeadlock);
}

/** Inserts the rows whose key is not there yet; gives how many those were. */
export async function insertIfAbsent<T extends TableName, C extends ColumnTypes>(
  db: Db,
  table: T,
  options: Omit<UpsertOptions<T, C>, 'update' | 'set' | 'guard'>,
): Promise<number> {
  return upsert<T, C>(db, table, { ...options, update: [] });
}

/** Executes one batch. */
type Statement = (transaction: Db) => Promise<QueryResult<unknown>>;

function statementOf<T extends TableName, C extends ColumnTypes>(
  db: Db,
  table: T,
  options: UpsertOptions<T, C>,
): Statement {
  const { columns, key, update, rows, set, guard } = options;
  const shape = { table, columns, key, update };
  if (set === undefined && guard === undefined && !isTSql(db)) {
    const query = keptUpsert(db, shape, rows);
    return (transaction) => transaction.executeQuery(query);
  }
  const eb = expressionBuilder<UpsertRows<T>, 'existing' | 'excluded'>();
  const statement = upsertStatement({ ...shape, rows, set: set?.(eb) ?? {}, guard: guard?.(eb) });
  return (transaction) => statement.execute(transaction);
}

const rivalAttempts = 3;

/**
 * On a T-SQL server whose range locks are not SQL Server's, a rival may insert between our update and our insert. The
 * unique constraint then refuses ours, only that statement ends (in T-SQL), and the second time the row is found. PostgreSQL
 * decides within the one statement; its violations are of other constraints, end the transaction and are thrown on.
 */
async function writeBatch(transaction: Db, statement: Statement): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    try {
      return Number((await statement(transaction)).numAffectedRows ?? 0n);
    } catch (error) {
      const rival = classifyDatabaseError(error).kind === 'unique_violation';
      if (!rival || attempt === rivalAttempts || !isTSql(transaction)) throw error;
    }
  }
}
