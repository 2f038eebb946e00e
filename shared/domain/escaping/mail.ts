import { atMost, visibleLine, visibleLines } from './visible.ts';

/** RFC 5322 asks for lines under 998 bytes; what people read ends long before. */
const MAX_HEADER_LENGTH = 250;

/** Foreign text in the value of a mail's header: one line of at most 250 characters, so that it cannot begin another header. */
export function mailHeaderText(text: string): string {
  return atMost(visibleLine(text).trim(), MAX_HEADER_LENGTH);
}

/**
 * Foreign text in a plain mail, each of its lines marked as quoted: it cannot pass for a line of ours, for a header, for
 * the end of the mail, or for a signature.
 */
export function mailQuote(text: string): string {
  return visibleLines(text)
    .map((line) => `  | ${line}`)
    .join('\n');
}
