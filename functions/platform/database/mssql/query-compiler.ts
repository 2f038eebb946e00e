import { MssqlQueryCompiler } from 'kysely';
import type {
  AggregateFunctionNode,
  AndNode,
  BinaryOperationNode,
  ColumnUpdateNode,
  CompiledQuery,
  CommonTableExpressionNode,
  DataTypeNode,
  DeleteQueryNode,
  ExplainNode,
  FunctionNode,
  HavingNode,
  InsertQueryNode,
  JSONOperatorChainNode,
  OnConflictNode,
  OnNode,
  OrderByItemNode,
  OrNode,
  QueryId,
  RawNode,
  RootOperationNode,
  SelectionNode,
  SelectQueryNode,
  TupleNode,
  UnaryOperationNode,
  UpdateQueryNode,
  WhereNode,
  WithNode,
} from 'kysely';
import { isTwoDialectNode } from '../fragments/by-sql.ts';
import { dataTypeOf } from './data-types.ts';
import { functionNameOf, withoutFilter } from './functions.ts';
import { binaryOperationForms } from './operators.ts';
import { nullsFirstForm } from './order.ts';
import { asPredicate, asSelected, asValue } from './predicates.ts';
import { notInTSql } from './not-in-t-sql.ts';
import { outputOf } from './output.ts';
import { rewrittenSelect } from './select.ts';
import { rewrittenDelete, rewrittenUpdate } from './write-targets.ts';

/**
 * T-SQL from the trees that capabilities write for PostgreSQL. What T-SQL says in other words is translated; what it
 * cannot say is an error that names the way to write it for both. A parameter is `@p1`, `@p2`, …
 */
export class TSqlCompiler extends MssqlQueryCompiler {
  /** A large parameter that occurs twice (the rows of an upsert) is sent once. */
  readonly #large = new Map<string, string>();

  override compileQuery(node: RootOperationNode, queryId: QueryId): CompiledQuery {
    this.#large.clear();
    return super.compileQuery(node, queryId);
  }

  protected override getCurrentParameterPlaceholder(): string {
    return `@p${this.numParameters}`;
  }

  /** Null as a word: as a parameter it would have a type, and text is not taken for a time or for bytes. */
  protected override appendValue(value: unknown): void {
    if (value === null || value === undefined) {
      this.append('null');
      return;
    }
    const known = typeof value === 'string' ? this.#large.get(value) : undefined;
    if (known !== undefined) {
      this.append(known);
      return;
    }
    super.appendValue(value);
    if (typeof value === 'string' && value.length > 1_000) {
      this.#large.set(value, this.getCurrentParameterPlaceholder());
    }
  }

  protected override appendImmediateValue(value: unknown): void {
    super.appendImmediateValue(typeof value === 'boolean' ? Number(value) : value);
  }

  /** Only where it must: a path in OPENJSON … WITH has to be a plain literal. */
  protected override appendStringLiteral(value: string): void {
    // oxlint-disable-next-line no-control-regex -- the range is ASCII
    if (/[^\x00-\x7f]/.test(value)) this.append('N');
    super.appendStringLiteral(value);
  }

  protected override visitRaw(node: RawNode): void {
    if (isTwoDialectNode(node)) this.visitNode(node.mssql);
    else super.visitRaw(node);
  }

  protected override visitSelectQuery(node: SelectQueryNode): void {
    super.visitSelectQuery(rewrittenSelect(node));
  }

  protected override visitInsertQuery(node: InsertQueryNode): void {
    const { returning, ...rest } = node;
    super.visitInsertQuery(returning ? { ...rest, output: outputOf(returning, 'inserted') } : node);
  }

  protected override visitUpdateQuery(node: UpdateQueryNode): void {
    super.visitUpdateQuery(rewrittenUpdate(node));
  }

  protected override visitDeleteQuery(node: DeleteQueryNode): void {
    const { target, rest } = rewrittenDelete(node);
    if (target === undefined) {
      super.visitDeleteQuery(rest);
      return;
    }
    this.append('delete');
    for (const part of [target, rest.output, rest.from, rest.where]) {
      if (part === undefined) continue;
      this.append(' ');
      this.visitNode(part);
    }
  }

  protected override visitOnConflict(_node: OnConflictNode): void {
    throw notInTSql('on conflict', 'upsert or insertIfAbsent');
  }

  protected override visitExplain(_node: ExplainNode): void {
    throw notInTSql('explain', 'nothing');
  }

  protected override visitTuple(_node: TupleNode): void {
    throw notInTSql('a tuple', 'one comparison a column');
  }

  protected override visitJSONOperatorChain(_node: JSONOperatorChainNode): void {
    throw notInTSql('a JSON operator', 'jsonText');
  }

  protected override visitWith(node: WithNode): void {
    // Recursion needs no word here, and what is materialized is the server's to decide.
    super.visitWith({ ...node, recursive: false });
  }

  protected override visitCommonTableExpression(node: CommonTableExpressionNode): void {
    if (/^(Insert|Update|Delete)QueryNode$/.test(node.expression.kind)) {
      throw notInTSql('a CTE that writes', 'two statements in a transaction');
    }
    const { materialized: _materialized, ...rest } = node;
    super.visitCommonTableExpression(rest);
  }

  protected override visitWhere(node: WhereNode): void {
    super.visitWhere({ ...node, where: asPredicate(node.where) });
  }

  protected override visitHaving(node: HavingNode): void {
    super.visitHaving({ ...node, having: asPredicate(node.having) });
  }

  protected override visitOn(node: OnNode): void {
    super.visitOn({ ...node, on: asPredicate(node.on) });
  }

  protected override visitAnd(node: AndNode): void {
    super.visitAnd({ ...node, left: asPredicate(node.left), right: asPredicate(node.right) });
  }

  protected override visitOr(node: OrNode): void {
    super.visitOr({ ...node, left: asPredicate(node.left), right: asPredicate(node.right) });
  }

  protected override visitUnaryOperation(node: UnaryOperationNode): void {
    const isNot =
      node.operator.kind === 'OperatorNode' &&
      'operator' in node.operator &&
      node.operator.operator === 'not';
    super.visitUnaryOperation(isNot ? { ...node, operand: asPredicate(node.operand) } : node);
  }

  protected override visitSelection(node: SelectionNode): void {
    super.visitSelection({ ...node, selection: asSelected(node.selection) as SelectionNode['selection'] });
  }

  protected override visitColumnUpdate(node: ColumnUpdateNode): void {
    super.visitColumnUpdate({ ...node, value: asValue(node.value) });
  }

  protected override visitBinaryOperation(node: BinaryOperationNode): void {
    const form = binaryOperationForms(node);
    if (form === undefined) super.visitBinaryOperation(node);
    else this.visitNode(form);
  }

  protected override visitOrderByItem(node: OrderByItemNode): void {
    const { nulls, ...rest } = node;
    if (nulls !== undefined) {
      this.visitNode(nullsFirstForm(node.orderBy, nulls));
      this.append(', ');
    }
    super.visitOrderByItem(rest);
  }

  protected override visitFunction(node: FunctionNode): void {
    super.visitFunction({ ...node, func: functionNameOf(node.func) });
  }

  protected override visitAggregateFunction(node: AggregateFunctionNode): void {
    super.visitAggregateFunction({ ...withoutFilter(node), func: functionNameOf(node.func) });
  }

  protected override visitDataType(node: DataTypeNode): void {
    this.append(dataTypeOf(node.dataType));
  }
}
