import { visibleLine, visibleLines } from './visible.ts';

/**
 * Foreign text for one line of a terminal: no escape sequence, no return to the line's beginning, no turned direction
 * reaches it. One line in, one line out.
 */
export function terminalText(text: string): string {
  return visibleLine(text);
}

/** The same for a text of ours over several lines that may hold foreign text in each: its line ends stay. */
export function terminalLines(text: string): string {
  return visibleLines(text).join('\n');
}
