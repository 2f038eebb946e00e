import { ExpressionWrapper, sql } from 'kysely';
import type { OperationNode, RawBuilder, RawNode } from 'kysely';

/** A raw node that PostgreSQL's compiler reads as it is, and that carries the T-SQL of the same meaning beside it. */
export interface TwoDialectNode extends RawNode {
  readonly mssql: OperationNode;
}

export function isTwoDialectNode(node: OperationNode): node is TwoDialectNode {
  return node.kind === 'RawNode' && 'mssql' in node;
}

/**
 * One fragment, or one whole statement, that the two dialects write differently. Which text is used is decided by
 * the query compiler, never by the caller: so a query built here can be compiled for both from the same tree.
 */
export function bySql<T>(texts: {
  postgres: RawBuilder<unknown>;
  mssql: RawBuilder<unknown>;
}): RawBuilder<T> {
  const postgres = texts.postgres.toOperationNode();
  const node: TwoDialectNode = Object.freeze({ ...postgres, mssql: texts.mssql.toOperationNode() });
  return sql<T>`${new ExpressionWrapper(node)}`;
}
