/** Control characters, line separators, and marks that turn the direction of writing or are not seen. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A foreign text (a file's name) as one printable word between quotes, for terminals and logs: it can neither forge a
 * line nor move the cursor. What it was can be read back as JSON.
 */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(UNSEEN, escaped);
}

function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}
