import { createQueryId } from 'kysely';
import type { CompiledQuery, RootOperationNode } from 'kysely';
import { TSqlCompiler } from '../../functions/platform/database/mssql/query-compiler.ts';
import { syntaxErrorOf } from './t-sql-parser.ts';

const compiler = new TSqlCompiler();

/** Of one request to SQL Server; two more are its own. */
const maxParameters = 2_098;

/** A statement's tree as the other dialect's text; throws NotInTSqlError for what that cannot say. */
export function compileTSql(statement: RootOperationNode): CompiledQuery {
  return compiler.compileQuery(statement, createQueryId());
}

/** Throws if a statement that is about to run on PostgreSQL could not run on SQL Server. */
export function refuseWhatIsNoTSql(statement: RootOperationNode): void {
  const { sql: text, parameters } = compileTSql(statement);
  if (parameters.length > maxParameters) {
    throw new Error(
      `This statement has ${parameters.length} parameters: wanted at most ${maxParameters}, or rowsFrom`,
    );
  }
  const fault = tSqlFaultOf(text);
  if (fault !== undefined)
    throw new Error(`This statement is not T-SQL: ${fault}; as T-SQL it reads: ${text}`);
}

/** What the grammar refuses, or what it takes for something else though no T-SQL server runs it. */
export function tSqlFaultOf(text: string): string | undefined {
  const bare = text
    .replace(/--.*$/gm, '')
    .replace(/'(?:[^']|'')*'/g, "''")
    .replace(/"[^"]*"/g, '"name"');
  const first = /^\s*(\w+)/.exec(bare)?.[1]?.toLowerCase() ?? '';
  if (!firstWords.has(first)) return `it begins with ${first}`;
  const foreign = postgresOnly.exec(bare);
  if (foreign) return `${foreign[0]} is PostgreSQL's`;
  const outside = outsideTheSubset.exec(bare);
  if (outside) return `${outside[0]} is outside the subset that every T-SQL server takes`;
  return syntaxErrorOf(text);
}

const firstWords = new Set(
  'select insert update delete with declare if create alter drop exec set'.split(' '),
);

/** The grammar takes an unknown name with brackets for a function, and `||` for an operator of later servers. */
const postgresOnly =
  /::|\|\||\b(now|statement_timestamp|clock_timestamp|date_trunc|extract|to_timestamp|make_interval|jsonb_\w+|json_(?:agg|array|build|each|object|populate|to)\w*|array_agg|unnest|generate_series|length|position|greatest|least|btrim|decode|encode|to_char|starts_with|split_part|string_to_array|bool_or|bool_and)\s*\(|\b(interval|ilike|returning|lateral|limit|true|false|jsonb|timestamptz)\b/i;

/** See docs/database.md. */
const outsideTheSubset =
  /\bmerge\b|\bcreate\s+or\s+alter\b|\bwith\s+ties\b|\bis\s+(not\s+)?distinct\s+from\b|\+=|-=|\bsys\s*\.\s*indexes\b|\bnulls\s+(first|last)\b/i;
