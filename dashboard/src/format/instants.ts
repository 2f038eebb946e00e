const instant = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g;

export type TextPart = { readonly text: string } | { readonly instant: string };

/** A text in its parts: words, and the instants (`2026-04-13T02:00:05.000Z`) that stand among them. */
export function partsOf(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(instant)) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index) });
    parts.push({ instant: match[0] });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}
