import { ExpressionWrapper, sql } from 'kysely';
import type { Expression, OperationNodeSource, RawBuilder, SqlBool } from 'kysely';
import { bySql } from './by-sql.ts';
import type { AnyRows, ColumnTypes } from './column-type.ts';
import { Place } from './kept-statement.ts';
import { openJson } from './open-json.ts';
import { postgresJson, recordset } from './recordset.ts';

/** An upsert of which only the rows are new each time. */
export interface UpsertShape {
  readonly table: string;
  readonly columns: ColumnTypes;
  readonly key: readonly string[];
  readonly update: readonly string[];
}

export interface UpsertStatement extends UpsertShape {
  readonly rows: AnyRows | Place;
  readonly set?: Readonly<Record<string, Expression<unknown> | undefined>>;
  readonly guard?: Expression<SqlBool> | undefined;
}

/** Where the rows go, as `postgresJson`, in a statement that is kept. */
export const placeOfRows = new Place('rows');

/** One statement on PostgreSQL; on SQL Server a batch of two that belongs in a transaction. */
export function upsertStatement(statement: UpsertStatement): RawBuilder<unknown> {
  return bySql<unknown>({
    postgres: () => onConflict(statement, sql``),
    mssql: () => updateThenInsert(statement),
  });
}

/**
 * The update of one row and, only if that found its row, the upsert. One statement on PostgreSQL, which does all of it or
 * nothing and takes the updated row first; on SQL Server a batch that belongs in a transaction.
 */
export function upsertAfterStatement(
  updateQuery: OperationNodeSource,
  statement: UpsertStatement,
): RawBuilder<unknown> {
  // Now, and not while a compiler is under way: a query shows its tree to whoever watches statements.
  const update = new ExpressionWrapper(updateQuery.toOperationNode());
  return bySql<unknown>({
    postgres: () =>
      sql`with taken as (${update} returning 1) ${onConflict(statement, sql` where exists (select from taken)`)}`,
    mssql: () => sql`${update}; if @@rowcount > 0 begin ${updateThenInsert(statement)} end;`,
  });
}

function assignmentsOf({ update, set = {} }: UpsertStatement): ReadonlyArray<RawBuilder<unknown>> {
  return [
    ...update.map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`),
    ...Object.entries(set).flatMap(([column, value]) => (value ? [sql`${sql.ref(column)} = ${value}`] : [])),
  ];
}

function onConflict(statement: UpsertStatement, condition: RawBuilder<unknown>): RawBuilder<unknown> {
  const assignments = assignmentsOf(statement);
  const key = sql.join(statement.key.map((column) => sql.ref(column)));
  const guard = statement.guard ? sql` where ${statement.guard}` : sql``;
  const action =
    assignments.length > 0 ? sql`do update set ${sql.join(assignments)}${guard}` : sql`do nothing`;
  return sql`insert into ${sql.table(statement.table)} as existing (${names(statement)}) ${selectSent(statement)}${condition} on conflict (${key}) ${action}`;
}

/**
 * UPDLOCK and SERIALIZABLE together hold the key, or the gap where it would be, from the update to the commit
 * (a shared range lock alone would let two writers both see nothing, then deadlock). No MERGE: its races are well known.
 */
function updateThenInsert(statement: UpsertStatement): RawBuilder<unknown> {
  const assignments = assignmentsOf(statement);
  const table = sql.table(statement.table);
  const sameKey = sql.join(
    statement.key.map((column) => sql`${sql.ref(`existing.${column}`)} = ${sql.ref(`excluded.${column}`)}`),
    sql` and `,
  );
  const guard = statement.guard ? sql` where ${statement.guard}` : sql``;
  const update = sql`update existing set ${sql.join(assignments)} from ${table} as existing with (updlock, serializable) inner join ${sent(statement)} on ${sameKey}${guard};`;
  const insert = sql`insert into ${table} (${names(statement)}) ${selectSent(statement)} where not exists (select 1 from ${table} as existing with (updlock, serializable) where ${sameKey});`;
  return assignments.length > 0 ? sql`${update} ${insert}` : insert;
}

function names(statement: UpsertStatement): RawBuilder<unknown> {
  return sql.join(Object.keys(statement.columns).map((column) => sql.ref(column)));
}

function selectSent(statement: UpsertStatement): RawBuilder<unknown> {
  const columns = Object.keys(statement.columns).map((column) => sql.ref(`excluded.${column}`));
  return sql`select ${sql.join(columns)} from ${sent(statement)}`;
}

function sent({ columns, rows }: UpsertStatement): RawBuilder<unknown> {
  const table = bySql<unknown>({
    postgres: () => recordset(columns, rows instanceof Place ? rows : postgresJson(columns, rows)),
    // Never kept: its text depends on what the rows hold.
    mssql: () => openJson(columns, rows instanceof Place ? [] : rows),
  });
  return sql`${table} as ${sql.ref('excluded')}`;
}
