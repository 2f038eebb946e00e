import { BinaryOperationNode, OperatorNode, ParensNode, RawNode, ValueNode } from 'kysely';
import type { OperationNode } from 'kysely';
import { notInTSql } from './not-in-t-sql.ts';

/** How T-SQL says a binary operation that it has no operator for; undefined where it has the same. */
export function binaryOperationForms(node: BinaryOperationNode): OperationNode | undefined {
  if (!OperatorNode.is(node.operator)) return undefined;
  const { leftOperand: left, rightOperand: right } = node;
  switch (node.operator.operator) {
    case 'is':
      return truthForm(left, right, false);
    case 'is not':
      return truthForm(left, right, true);
    case 'is distinct from':
      return distinctForm(left, right, 'except');
    case 'is not distinct from':
      return distinctForm(left, right, 'intersect');
    case '||':
      return BinaryOperationNode.create(left, OperatorNode.create('+'), right);
    case 'like':
    case 'not like':
    case 'ilike':
    case 'not ilike':
      throw notInTSql(
        `${node.operator.operator} (its wildcards and escapes differ)`,
        'startsWith or containsText',
      );
    case '->':
    case '->>':
    case '@>':
    case '?':
      throw notInTSql(`the JSON operator ${node.operator.operator}`, 'jsonText');
    case '~':
    case '~*':
    case '!~':
    case '@@':
      throw notInTSql(`the operator ${node.operator.operator}`, 'startsWith or containsText');
    default:
      return undefined;
  }
}

/** `x is true`: T-SQL's `is` knows only null. Null is neither true nor false, so `is not` keeps it. */
function truthForm(left: OperationNode, right: OperationNode, not: boolean): OperationNode | undefined {
  if (!ValueNode.is(right) || typeof right.value !== 'boolean') return undefined;
  const wanted = ValueNode.createImmediate(Number(not ? !right.value : right.value));
  const equals = BinaryOperationNode.create(left, OperatorNode.create('='), wanted);
  return not ? ParensNode.create(RawNode.create(['', ' or ', ' is null'], [equals, left])) : equals;
}

/** Set operators take two nulls for the same. */
function distinctForm(
  left: OperationNode,
  right: OperationNode,
  operator: 'except' | 'intersect',
): OperationNode {
  return RawNode.create(['exists (select ', ` ${operator} select `, ')'], [left, right]);
}
