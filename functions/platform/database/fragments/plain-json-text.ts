import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';

/**
 * Text for OPENJSON in which JSON needs no escapes: not every T-SQL server takes those out again (Babelfish 4 and 5
 * give `a\nb` back with a backslash and an n). What JSON would escape becomes `~` and its number in hex here, and
 * REPLACE makes it what it was. Only what occurs in a column is replaced: most statements have nothing of this.
 */
const mark = '~';
// oxlint-disable-next-line no-control-regex -- the control characters that JSON escapes
const mustBeEncoded = /[\u0000-\u001f"\\~]/g;

/** A character becomes at most this many. */
export const longestCode = 3;

/** Encodes, and adds each character that was encoded to `encoded`. */
export function encodeText(text: string, encoded: Set<string>): string {
  return text.replace(mustBeEncoded, (character) => {
    encoded.add(character);
    return codeOf(character);
  });
}

/** The expression with the given characters put back. The mark itself is last: until then no new one appears. */
export function decodedText(
  expression: RawBuilder<unknown>,
  encoded: ReadonlySet<string>,
): RawBuilder<unknown> {
  if (encoded.size === 0) return expression;
  const others = [...encoded].filter((character) => character !== mark).sort();
  return [...others, mark].reduce(
    (inner, character) =>
      sql`replace(${inner}, ${sql.lit(codeOf(character))}, nchar(${sql.lit(character.charCodeAt(0))}))`,
    expression,
  );
}

function codeOf(character: string): string {
  return mark + character.charCodeAt(0).toString(16).padStart(2, '0');
}
