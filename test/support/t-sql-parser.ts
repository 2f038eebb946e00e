import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { antlr4tsSQL as Antlr4tsSql, SQLDialect as Dialects } from 'antlr4ts-sql';

/** The package is CommonJS and heavy: loaded when first something is parsed. */
interface Grammar {
  readonly antlr4tsSQL: typeof Antlr4tsSql;
  readonly SQLDialect: typeof Dialects;
}

/** Loading and warming up the grammar takes seconds in each test process: what was parsed once is kept between runs. */
const cacheDir = join(import.meta.dirname, '../../node_modules/.cache/t-sql');
const parsed = new Map<string, string>();
let grammar: Grammar | undefined;

/** The first thing in a T-SQL batch that SQL Server's grammar does not take, or undefined. */
export function syntaxErrorOf(text: string): string | undefined {
  let fault = parsed.get(text);
  if (fault === undefined) {
    fault = parsedBefore(text);
    parsed.set(text, fault);
  }
  return fault === '' ? undefined : fault;
}

function parsedBefore(text: string): string {
  const file = join(cacheDir, createHash('sha256').update(text).digest('hex'));
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const fault = parse(text) ?? '';
  mkdirSync(cacheDir, { recursive: true });
  writeFileSync(`${file}.${process.pid}`, fault);
  renameSync(`${file}.${process.pid}`, file); // another process may read it at any time
  return fault;
}

function parse(text: string): string | undefined {
  grammar ??= createRequire(import.meta.url)('antlr4ts-sql') as Grammar;
  const errors: string[] = [];
  const listener = {
    syntaxError: (_recognizer: unknown, _symbol: unknown, line: number, column: number, message: string) => {
      errors.push(`${line}:${column} ${message.replace(/ expecting \{.*/s, '')}`); // hundreds of words
    },
  };
  const antlr = new grammar.antlr4tsSQL(grammar.SQLDialect.TSQL);
  const tokens = antlr.getTokens(text, [listener]);
  const parser = antlr.getParser(tokens, [listener]);
  antlr.getParseTree(parser);
  return errors[0];
}
