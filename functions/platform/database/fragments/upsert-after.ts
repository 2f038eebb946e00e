import type { OperationNodeSource } from 'kysely';
import { afterDeadlock, withRetry } from '../retry.ts';
import type { Db } from '../schema.ts';
import { inTransaction } from '../transaction.ts';
import type { AnyRows, ColumnTypes, RowOf } from './column-type.ts';
import { isTSql } from './is-t-sql.ts';
import { type Bound, keptStatement, Place } from './kept-statement.ts';
import { postgresJson } from './recordset.ts';
import { placeOfRows, type UpsertShape, upsertAfterStatement } from './upsert-statement.ts';

/** The update of one row; `form` makes its text, `values` are only its parameters. */
type Update<Form, Values> = (db: Db, form: Form, values: Values) => OperationNodeSource;

/** Tells whether it was done. */
type UpsertAfter<Form, Values, Row> = (db: Db, form: Form, values: Values, row: Row) => Promise<boolean>;

/**
 * Makes a write that updates one row, and only if that found its row (a compare-and-set) upserts another: both or
 * neither. On PostgreSQL it is one statement, one way to the server and back with `begin` and `commit` in it, whose text is put
 * together once a form; on SQL Server a transaction. Again after a deadlock, which has undone it.
 */
export function upsertAfter<Form, Values extends object, C extends ColumnTypes>(
  shape: UpsertShape & { readonly columns: C },
  update: Update<Form, Values>,
): UpsertAfter<Form, Values, RowOf<C>> {
  const kept = new Map<string, Bound>();
  const keptFor = (db: Db, form: Form, values: Values): Bound => {
    const name = JSON.stringify(form);
    const bound =
      kept.get(name) ?? keptStatement(db, statementOf(update(db, form, placesOf(values)), placeOfRows));
    kept.set(name, bound);
    return bound;
  };
  const statementOf = (updateRow: OperationNodeSource, rows: AnyRows | Place) =>
    upsertAfterStatement(updateRow, { ...shape, rows });
  return async (db, form, values, row) => {
    const { numAffectedRows = 0n } = await withRetry(() => {
      if (!isTSql(db)) {
        const bound = keptFor(db, form, values);
        return db.executeQuery(bound({ ...values, rows: postgresJson(shape.columns, [row]) }));
      }
      return inTransaction(db, (tx) => statementOf(update(tx, form, values), [row]).execute(tx));
    }, afterDeadlock);
    return numAffectedRows > 0n;
  };
}

function placesOf<Values extends object>(values: Values): Values {
  return Object.fromEntries(Object.keys(values).map((name) => [name, new Place(name)])) as Values;
}
