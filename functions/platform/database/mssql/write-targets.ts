import { AliasNode, FromNode, TableNode } from 'kysely';
import type { DeleteQueryNode, OperationNode, UpdateQueryNode } from 'kysely';
import { notInTSql } from './not-in-t-sql.ts';
import { outputOf } from './output.ts';

/** `update t as a set …` is `update a set … from t as a`. */
export function rewrittenUpdate(node: UpdateQueryNode): UpdateQueryNode {
  if (node.limit ?? node.orderBy) throw notInTSql('the limit of an update', 'a where in (select …)');
  const { returning, table, from, ...rest } = node;
  const output = returning && outputOf(returning, 'inserted');
  const aliased = table !== undefined && AliasNode.is(table) ? table : undefined;
  const froms = [...(from?.froms ?? []), ...(aliased ? [aliased] : [])];
  return {
    ...rest,
    ...(table && { table: aliased ? aliased.alias : table }),
    ...(froms.length > 0 && { from: FromNode.create(froms) }),
    ...(output && { output }),
  };
}

/** `delete from t as a using r` is `delete a from t as a, r`; a plain delete needs only its output. */
export function rewrittenDelete(node: DeleteQueryNode): { target?: OperationNode; rest: DeleteQueryNode } {
  if (node.limit ?? node.orderBy) throw notInTSql('the limit of a delete', 'a where in (select …)');
  if (node.joins?.length) throw notInTSql('a join in a delete', 'where exists (select …)');
  const { returning, using, ...kept } = node;
  const output = returning && outputOf(returning, 'deleted');
  const rest: DeleteQueryNode = { ...kept, ...(output && { output }) };
  const target = rest.from.froms[0];
  if (target === undefined || (!using && TableNode.is(target))) return { rest };
  if (rest.with) throw notInTSql('a CTE of a delete with an alias', 'where exists (select …)');
  const froms = [...rest.from.froms, ...(using?.tables ?? [])];
  return {
    target: AliasNode.is(target) ? target.alias : target,
    rest: { ...rest, from: FromNode.create(froms) },
  };
}
