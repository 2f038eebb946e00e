import {
  AliasNode,
  FetchNode,
  FromNode,
  OffsetNode,
  OrderByItemNode,
  OrderByNode,
  RawNode,
  SelectModifierNode,
  TableNode,
  TopNode,
  ValueNode,
} from 'kysely';
import type { JoinNode, OperationNode, SelectQueryNode } from 'kysely';
import { notInTSql } from './not-in-t-sql.ts';

/** A select in T-SQL's words: its limit, its offset and its locks. */
export function rewrittenSelect(node: SelectQueryNode): SelectQueryNode {
  if (node.distinctOn) throw notInTSql('distinct on', 'row_number() in a subquery');
  return withHints(withLimit(node));
}

/** With an order: OFFSET … FETCH. Without: TOP, as OFFSET needs an order. */
function withLimit(node: SelectQueryNode): SelectQueryNode {
  const { limit, offset, ...rest } = node;
  if (limit === undefined && offset === undefined) return node;
  const rows = limit && countOf(limit.limit, 'limit');
  if (rest.orderBy === undefined && offset === undefined && rows !== undefined) {
    if (rest.setOperations?.length) throw notInTSql('the limit of a union', 'an order by before it');
    return { ...rest, top: TopNode.create(rows) };
  }
  return {
    ...rest,
    orderBy:
      rest.orderBy ?? OrderByNode.create([OrderByItemNode.create(RawNode.createWithSql('(select null)'))]),
    offset: offset ?? OffsetNode.create(ValueNode.createImmediate(0)),
    ...(rows !== undefined && { fetch: FetchNode.create(rows, 'only') }),
  };
}

function countOf(node: OperationNode, what: string): number | bigint {
  if (ValueNode.is(node) && (typeof node.value === 'number' || typeof node.value === 'bigint'))
    return node.value;
  throw notInTSql(`a ${what} that is an expression`, 'a number');
}

const hintsOf: Readonly<Record<string, readonly string[]>> = {
  ForUpdate: ['updlock', 'rowlock'],
  ForNoKeyUpdate: ['updlock', 'rowlock'],
  ForShare: ['repeatableread'],
  ForKeyShare: ['repeatableread'],
  SkipLocked: ['readpast'],
  NoWait: ['nowait'],
};

/** `for update` locks rows of the tables in from and joins; T-SQL says so at each table. */
function withHints(node: SelectQueryNode): SelectQueryNode {
  const { endModifiers = [], ...rest } = node;
  const modifiers = endModifiers.filter(SelectModifierNode.is);
  const hints = modifiers.flatMap(({ modifier }) => hintsOf[modifier ?? ''] ?? []);
  if (hints.length === 0 || rest.from === undefined) return node;
  if (modifiers.some(({ of }) => of !== undefined))
    throw notInTSql('for update of', 'for update of all tables');
  const hinted = (table: OperationNode): OperationNode => withHint(table, hints);
  return {
    ...rest,
    from: FromNode.create(rest.from.froms.map(hinted)),
    ...(rest.joins && {
      joins: rest.joins.map((join): JoinNode => ({ ...join, table: hinted(join.table) })),
    }),
  };
}

function withHint(table: OperationNode, hints: readonly string[]): OperationNode {
  const named = TableNode.is(table) || (AliasNode.is(table) && TableNode.is(table.node));
  return named ? RawNode.create(['', ` with (${hints.join(', ')})`], [table]) : table;
}
