import { AliasNode, ColumnNode, OutputNode, ReferenceNode, SelectAllNode, TableNode } from 'kysely';
import type { OperationNode, ReturningNode } from 'kysely';
import { notInTSql } from './not-in-t-sql.ts';

/** `returning a, b` is `output inserted.a, inserted.b`, or `deleted.` where rows are deleted. */
export function outputOf(returning: ReturningNode, rows: 'inserted' | 'deleted'): OutputNode {
  const table = TableNode.create(rows);
  return OutputNode.create(returning.selections.map(({ selection }) => columnOf(selection, table)));
}

function columnOf(selection: OperationNode, table: TableNode): OperationNode {
  if (AliasNode.is(selection)) return AliasNode.create(columnOf(selection.node, table), selection.alias);
  if (SelectAllNode.is(selection)) return ReferenceNode.createSelectAll(table);
  if (ColumnNode.is(selection)) return ReferenceNode.create(selection, table);
  if (ReferenceNode.is(selection)) {
    return ColumnNode.is(selection.column)
      ? ReferenceNode.create(selection.column, table)
      : ReferenceNode.createSelectAll(table);
  }
  throw notInTSql('returning an expression', 'returning columns');
}
