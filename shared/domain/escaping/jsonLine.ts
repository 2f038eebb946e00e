/** What JSON leaves as it is and a terminal, a viewer of logs or a line-based reader may obey. */
const OBEYED = /[\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/**
 * Serialised JSON as one line that no terminal or viewer obeys: what could begin a line, steer a terminal or turn the
 * direction of text stands as `\uXXXX`. Parsed, it is the same value. Takes what JSON.stringify gave, without indentation.
 */
export function jsonLine(json: string): string {
  return json.replace(OBEYED, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
