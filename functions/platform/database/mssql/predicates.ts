import {
  AliasNode,
  BinaryOperationNode,
  OperatorNode,
  ParensNode,
  RawNode,
  UnaryOperationNode,
  ValueNode,
} from 'kysely';
import type { OperationNode } from 'kysely';

/** T-SQL has no boolean values: a bit is compared where a condition is wanted. */
export function asPredicate(node: OperationNode): OperationNode {
  if (ParensNode.is(node)) return ParensNode.create(asPredicate(node.node));
  if (node.kind === 'ReferenceNode' || node.kind === 'ColumnNode') return equalsOne(node);
  if (ValueNode.is(node) && typeof node.value === 'boolean')
    return equalsOne(ValueNode.createImmediate(Number(node.value)));
  return node;
}

/** And a condition becomes a bit where a value is wanted. */
export function asValue(node: OperationNode): OperationNode {
  if (!isCondition(node)) return node;
  return RawNode.create(['cast(case when ', ' then 1 else 0 end as bit)'], [node]);
}

/** A selected condition becomes a bit, a selected text parameter gets a type: not every T-SQL server infers one. */
export function asSelected(node: OperationNode): OperationNode {
  if (AliasNode.is(node)) return AliasNode.create(asSelected(node.node), node.alias);
  if (ValueNode.is(node) && !node.immediate && typeof node.value === 'string') {
    return RawNode.create(['cast(', ' as nvarchar(max))'], [node]);
  }
  return asValue(node);
}

const comparisons: ReadonlySet<string> = new Set([
  ...['=', '==', '!=', '<>', '>', '>=', '<', '<=', 'in', 'not in', 'is', 'is not'],
  ...['is distinct from', 'is not distinct from', 'like', 'not like', 'between'],
]);

function isCondition(node: OperationNode): boolean {
  if (ParensNode.is(node)) return isCondition(node.node);
  if (node.kind === 'AndNode' || node.kind === 'OrNode') return true;
  if (BinaryOperationNode.is(node))
    return OperatorNode.is(node.operator) && comparisons.has(node.operator.operator);
  return (
    UnaryOperationNode.is(node) &&
    OperatorNode.is(node.operator) &&
    ['not', 'exists', 'not exists'].includes(node.operator.operator)
  );
}

function equalsOne(node: OperationNode): OperationNode {
  return BinaryOperationNode.create(node, OperatorNode.create('='), ValueNode.createImmediate(1));
}
