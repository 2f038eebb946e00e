import { visibleLine } from './visible.ts';

const lookalikes: Readonly<Record<string, string>> = { '<': '‹', '>': '›' };

/**
 * Foreign text for a paging service (PagerDuty, Jira), which shows it on surfaces that we do not know: lists, phones,
 * speech, tickets. Neither markup nor a line of its own can be made of it.
 */
export function pageText(text: string): string {
  return visibleLine(text).replace(/[<>]/g, (character) => lookalikes[character] ?? character);
}
