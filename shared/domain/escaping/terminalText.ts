import { visibleLine } from './visible.ts';

/**
 * Foreign text for one line of a terminal: no escape sequence, no return to the line's beginning, no turned direction
 * reaches it. One line in, one line out.
 */
export function terminalText(text: string): string {
  return visibleLine(text);
}
