import stringWidth from 'string-width';
import { terminalText } from '../../shared/domain/escaping/terminalText.ts';
import { fitted } from './fitted.ts';
import type { Layout, Style } from './layout.ts';

export interface Column<Row> {
  readonly title: string;
  /** Foreign text is fine: it is escaped here. */
  readonly text: (row: Row) => string | number | null;
  readonly align?: 'right';
  readonly style?: (row: Row) => Style | undefined;
  /** Where the terminal is too narrow: `cut` columns lose their ends first, then `drop` columns go, the last first. */
  readonly give?: 'cut' | 'drop';
}

const GAP = '  ';

/** Rows as lines below a line of titles, none wider than the layout. */
export function tableLines<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { width, paint }: Layout,
): string[] {
  const cells = columns.map((column) => [column.title, ...rows.map((row) => cellText(column.text(row)))]);
  const natural = columns.map(({ give }, index) => ({
    width: Math.max(...(cells[index] ?? []).map((cell) => stringWidth(cell))),
    give,
  }));
  const widths = fitted(natural, width, GAP.length);
  const line = (rowIndex: number): string => {
    const row = rows[rowIndex - 1];
    const parts = columns.flatMap((column, index) => {
      const room = widths[index] ?? 0;
      if (room === 0) return [];
      const text = padded(cut(cells[index]?.[rowIndex] ?? '', room), room, column.align);
      const style = row === undefined ? 'dim' : column.style?.(row);
      return [style === undefined ? text : paint(style, text)];
    });
    return parts.join(GAP).trimEnd();
  };
  return Array.from({ length: rows.length + 1 }, (_, index) => line(index));
}

function cellText(value: string | number | null): string {
  if (value === null) return '–';
  return typeof value === 'number' ? value.toLocaleString('en-US') : terminalText(value);
}

function padded(text: string, width: number, align: 'right' | undefined): string {
  const fill = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return align === 'right' ? fill + text : text + fill;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** At most so many columns of a terminal, cut between characters and marked with an ellipsis. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += stringWidth(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}
