import { CaseNode, ReferenceNode, SelectAllNode, SelectionNode, ValueNode, WhenNode } from 'kysely';
import type { AggregateFunctionNode, OperationNode } from 'kysely';
import { notInTSql } from './not-in-t-sql.ts';

/** Functions that mean the same in both; a name is here because a test or a store has run it on PostgreSQL and it was read for T-SQL. */
const same: ReadonlySet<string> = new Set([
  ...['count', 'sum', 'min', 'max', 'avg'],
  ...['lower', 'upper', 'replace', 'substring', 'concat', 'left', 'right', 'ltrim', 'rtrim', 'trim'],
  ...['coalesce', 'nullif', 'abs', 'floor', 'sign', 'round'],
  ...['row_number', 'rank', 'dense_rank', 'lag', 'lead', 'first_value', 'last_value'],
]);

const renamed: Readonly<Record<string, string>> = { length: 'len', ceil: 'ceiling' };

export function functionNameOf(name: string): string {
  const known = name.toLowerCase();
  if (same.has(known)) return known;
  const other = renamed[known];
  if (other !== undefined) return other;
  throw notInTSql(`the function ${name}`, 'bySql with a text for each dialect');
}

/** `count(x) filter (where p)` is `count(case when p then x end)`: aggregates leave out nulls. */
export function withoutFilter(node: AggregateFunctionNode): AggregateFunctionNode {
  const { filter, aggregated, ...rest } = node;
  if (filter === undefined) return node;
  const [first, ...others] = aggregated;
  return { ...rest, aggregated: [onlyIf(filter.where, counted(first)), ...others] };
}

function onlyIf(condition: OperationNode, value: OperationNode): OperationNode {
  const when = WhenNode.cloneWithResult(WhenNode.create(condition), value);
  return CaseNode.cloneWithWhen(CaseNode.create(), when);
}

/** `count(*)` counts rows: any value that is not null will do. */
function counted(node: OperationNode | undefined): OperationNode {
  const counted = node !== undefined && SelectionNode.is(node) ? node.selection : node;
  const all = counted === undefined || SelectAllNode.is(counted) || isAllOfTable(counted);
  return all ? ValueNode.createImmediate(1) : counted;
}

function isAllOfTable(node: OperationNode): boolean {
  return ReferenceNode.is(node) && SelectAllNode.is(node.column);
}
