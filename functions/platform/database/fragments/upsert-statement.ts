import { sql } from 'kysely';
import type { Expression, RawBuilder, SqlBool } from 'kysely';
import { bySql } from './by-sql.ts';
import { rowsFrom } from './rows-from.ts';
import type { ColumnTypes } from './column-type.ts';

export interface UpsertStatement {
  readonly table: string;
  readonly columns: ColumnTypes;
  readonly rows: ReadonlyArray<Readonly<Record<string, unknown>>>;
  readonly key: readonly string[];
  readonly update: readonly string[];
  readonly set: Readonly<Record<string, Expression<unknown> | undefined>>;
  readonly guard: Expression<SqlBool> | undefined;
}

/** One statement on PostgreSQL; on SQL Server a batch of two that belongs in a transaction. */
export function upsertStatement(statement: UpsertStatement): RawBuilder<unknown> {
  const assignments = [
    ...statement.update.map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`),
    ...Object.entries(statement.set).flatMap(([column, value]) =>
      value ? [sql`${sql.ref(column)} = ${value}`] : [],
    ),
  ];
  return bySql<unknown>({
    postgres: () => onConflict(statement, assignments),
    mssql: () => updateThenInsert(statement, assignments),
  });
}

function onConflict(
  statement: UpsertStatement,
  assignments: ReadonlyArray<RawBuilder<unknown>>,
): RawBuilder<unknown> {
  const key = sql.join(statement.key.map((column) => sql.ref(column)));
  const guard = statement.guard ? sql` where ${statement.guard}` : sql``;
  const action =
    assignments.length > 0 ? sql`do update set ${sql.join(assignments)}${guard}` : sql`do nothing`;
  return sql`insert into ${sql.table(statement.table)} as existing (${names(statement)}) ${selectSent(statement)} on conflict (${key}) ${action}`;
}

/**
 * UPDLOCK and SERIALIZABLE together hold the key, or the gap where it would be, from the update to the commit
 * (a shared range lock alone would let two writers both see nothing, then deadlock). No MERGE: its races are well known.
 */
function updateThenInsert(
  statement: UpsertStatement,
  assignments: ReadonlyArray<RawBuilder<unknown>>,
): RawBuilder<unknown> {
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

function sent(statement: UpsertStatement): Expression<unknown> {
  return rowsFrom('excluded', statement.columns, statement.rows as never) as unknown as Expression<unknown>;
}
