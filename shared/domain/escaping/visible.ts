/**
 * What a reader does not see, or sees in another order than it stands: control characters (C0, DEL, C1), line and
 * paragraph separators, marks that turn the direction of text (Unicode TR 9), zero-width and filler characters, tags,
 * and halves of surrogate pairs. Joiners within emoji and Persian words (U+200C, U+200D) are among them: a file name that
 * looks like another is worse than one that looks odd.
 */
const UNSEEN =
  // oxlint-disable-next-line no-misleading-character-class -- each stands for itself
  /[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u00ad\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

/** Foreign text as one line on which everything can be seen: what cannot stands as its code, `\u{202e}`. */
export function visibleLine(text: string): string {
  return text.replace(UNSEEN, codeOf);
}

/** The same over several lines: line feeds (and the carriage returns before them) stay line ends. */
export function visibleLines(text: string): string[] {
  return text.split(/\r?\n/).map(visibleLine);
}

/** At most so many characters, cut between characters and marked with an ellipsis when it was longer. */
export function atMost(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const cut = text.slice(0, maxLength - 1);
  return `${cut.replace(/[\ud800-\udbff]$/, '')}…`;
}

function codeOf(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
