import { expressionBuilder } from 'kysely';
import type { Expression, ReferenceExpression, SelectQueryBuilder, SqlBool } from 'kysely';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { CursorColumn, OrderType, OrderValue } from './cursor.ts';

export interface PageOrder<DB, TB extends keyof DB, O> {
  /** A selected column; together the columns are unique, and none is ever null. */
  readonly column: string & keyof O;
  readonly type: OrderType;
  readonly direction: 'asc' | 'desc';
  /** Where the column comes from when its name alone is ambiguous or another's alias, e.g. `sync_runs.id`. */
  readonly from?: ReferenceExpression<DB, TB> & string;
}

export interface Page<O> {
  readonly rows: O[];
  /** What to send for the next page; undefined on the last. */
  readonly nextCursor: string | undefined;
}

/**
 * One page of a query by its order columns (keyset): stable while rows come and go, as fast on page 1,000 as on
 * page 1 given an index in that order. The query has no order or limit of its own. `limit` is 1 to 1,000 rows.
 * Throws BadCursorError for a cursor that this order did not give out.
 */
export async function page<DB, TB extends keyof DB, O>(
  query: SelectQueryBuilder<DB, TB, O>,
  options: {
    readonly order: ReadonlyArray<PageOrder<DB, TB, O>>;
    readonly limit: number;
    readonly cursor?: string | undefined;
  },
): Promise<Page<O>> {
  const { order, limit, cursor } = options;
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= 1_000)) {
    throw new RangeError(`Cannot read a page of ${limit} rows: wanted 1 to 1,000`);
  }
  const columns = order.map(cursorColumn);
  let ordered = query;
  if (cursor !== undefined) ordered = ordered.where(() => beyond(order, decodeCursor(columns, cursor)));
  for (const item of order) ordered = ordered.orderBy(reference(item) as never, item.direction);
  const rows = (await ordered.limit(limit + 1).execute()) as O[];
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    rows: rows.slice(0, limit),
    nextCursor:
      last === undefined ? undefined : encodeCursor(columns, last as Readonly<Record<string, unknown>>),
  };
}

function cursorColumn(item: { column: string; type: OrderType; direction: 'asc' | 'desc' }): CursorColumn {
  return { name: item.column, type: item.type, descending: item.direction === 'desc' };
}

function reference(item: { column: string; from?: string }): string {
  return item.from ?? item.column;
}

interface OrderItem {
  readonly column: string;
  readonly direction: 'asc' | 'desc';
  readonly from?: string;
}

/**
 * `a > x or (a = x and b > y)`, and `a >= x` before it: a comparison of rows, which T-SQL lacks, written so that
 * both databases still enter the index at the right place.
 */
function beyond(order: readonly OrderItem[], values: readonly OrderValue[]): Expression<SqlBool> {
  const eb = expressionBuilder<Record<string, Record<string, OrderValue>>, string>();
  const past = (item: OrderItem, value: OrderValue, orEqual = ''): Expression<SqlBool> =>
    eb(reference(item), `${item.direction === 'desc' ? '<' : '>'}${orEqual}` as '<', value);
  const pairs = order.map((item, index) => ({ item, value: values[index] ?? '' }));
  const alternatives = pairs.map(({ item, value }, index) =>
    eb.and([
      ...pairs.slice(0, index).map((equal) => eb(reference(equal.item), '=', equal.value)),
      past(item, value),
    ]),
  );
  const first = pairs.slice(0, 1).map(({ item, value }) => past(item, value, '='));
  return eb.and([...first, eb.or(alternatives)]);
}
