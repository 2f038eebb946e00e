import { createRequire } from 'node:module';
import type { antlr4tsSQL as Antlr4tsSql, SQLDialect as Dialects } from 'antlr4ts-sql';

/** The package is CommonJS and heavy: loaded when first something is parsed. */
interface Grammar {
  readonly antlr4tsSQL: typeof Antlr4tsSql;
  readonly SQLDialect: typeof Dialects;
}

const parsed = new Map<string, string | undefined>();
let grammar: Grammar | undefined;

/** The first thing in a T-SQL batch that SQL Server's grammar does not take, or undefined. Remembered by text: parsing is slow. */
export function syntaxErrorOf(text: string): string | undefined {
  if (!parsed.has(text)) parsed.set(text, parse(text));
  return parsed.get(text);
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
