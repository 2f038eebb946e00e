/** What JSON leaves as it is and a terminal, a viewer of logs or a line-based reader may obey, or not show. */
const OBEYED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Serialised JSON as one line that no terminal or viewer obeys: what could begin a line, steer a terminal, turn the
 * direction of text or hide stands as `\uXXXX`. Parsed, it is the same value. Takes what JSON.stringify gave, without
 * indentation.
 */
export function jsonLine(json: string): string {
  return json.replace(OBEYED, escaped);
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
