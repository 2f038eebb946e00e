import { jsonLine } from './escaping/jsonLine.ts';

/**
 * A foreign text (a file's name) as one printable word between quotes, for terminals and logs: it can neither forge a
 * line nor move the cursor. What it was can be read back as JSON.
 */
export function quoted(text: string): string {
  return jsonLine(JSON.stringify(text));
}
