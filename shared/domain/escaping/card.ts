import { visibleLine } from './visible.ts';

/**
 * Foreign text for a text run of an Adaptive Card. A run knows no Markdown, so links, bold type and lists cannot be
 * forged; what it does compute, `{{DATE(…)}}` and `{{TIME(…)}}`, is kept from being one by a blank. One line.
 * Never put foreign text in a TextBlock or a Fact: those read Markdown.
 */
export function cardRunText(text: string): string {
  return visibleLine(text).replace(/\{(?=\{)/g, '{ ');
}
