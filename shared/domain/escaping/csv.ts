import { visibleLine } from './visible.ts';

/** A cell that begins so is a formula to a spreadsheet, also after blanks and in full-width form. */
const FORMULA = /^\s*[=+\-@|%＝＋－＠]/u;

/** Foreign text as one cell of a CSV file, quoted; one that a spreadsheet would compute begins with an apostrophe. */
export function csvCell(text: string): string {
  const line = visibleLine(text);
  return `"${(FORMULA.test(line) ? `'${line}` : line).replaceAll('"', '""')}"`;
}
