export interface Natural {
  readonly width: number;
  readonly give: 'cut' | 'drop' | undefined;
}

/** So much of a column that may be cut still says something. */
const CUT_TO = 12;

/** The width of each column, 0 for one that goes, so that they and the gaps between them fit a line. */
export function fitted(columns: readonly Natural[], lineWidth: number, gap: number): number[] {
  const widths = columns.map(({ width }) => width);
  const excess = (): number => {
    const shown = widths.filter((width) => width > 0);
    return shown.reduce((sum, width) => sum + width, 0) + gap * (shown.length - 1) - lineWidth;
  };
  const shrink = (mayGive: (index: number) => boolean, floor: number): void => {
    for (let over = excess(); over > 0; over = excess()) {
      const widest = widestOf(widths, mayGive);
      const width = widths[widest] ?? 0;
      if (width <= floor) return;
      widths[widest] = Math.max(floor, width - over);
    }
  };
  shrink((index) => columns[index]?.give === 'cut', CUT_TO);
  for (let last = columns.length - 1; last >= 0 && excess() > 0; last -= 1)
    if (columns[last]?.give === 'drop') widths[last] = 0;
  shrink(() => true, 1);
  // A terminal with fewer characters than the table has columns: the last ones go.
  for (let last = columns.length - 1; last > 0 && excess() > 0; last -= 1) widths[last] = 0;
  return widths;
}

function widestOf(widths: readonly number[], mayGive: (index: number) => boolean): number {
  let widest = -1;
  for (const [index, width] of widths.entries())
    if (mayGive(index) && width > (widths[widest] ?? 0)) widest = index;
  return widest;
}
