import { ExpressionWrapper, sql } from 'kysely';
import type { OperationNode, RawBuilder, RawNode } from 'kysely';

/** A raw node that PostgreSQL's compiler reads as it is, and that carries the T-SQL of the same meaning beside it. */
export interface TwoDialectNode extends RawNode {
  readonly mssql: OperationNode;
}

export function isTwoDialectNode(node: OperationNode): node is TwoDialectNode {
  return node.kind === 'RawNode' && 'mssql' in node;
}

/** Made when a compiler first asks for it, where making it costs: the other dialect's is then never made. */
export type Text = RawBuilder<unknown> | (() => RawBuilder<unknown>);

/**
 * One fragment, or one whole statement, that the two dialects write differently. Which text is used is decided by
 * the query compiler, never by the caller: so a query built here can be compiled for both from the same tree.
 */
export function bySql<T>(texts: { postgres: Text; mssql: Text }): RawBuilder<T> {
  const postgres = once(texts.postgres);
  const mssql = once(texts.mssql);
  const node: TwoDialectNode = {
    kind: 'RawNode',
    get sqlFragments() {
      return postgres().sqlFragments;
    },
    get parameters() {
      return postgres().parameters;
    },
    get mssql() {
      return mssql();
    },
  };
  return sql<T>`${new ExpressionWrapper(node)}`;
}

function once(text: Text): () => RawNode {
  let node: RawNode | undefined;
  return () => (node ??= (typeof text === 'function' ? text() : text).toOperationNode());
}
