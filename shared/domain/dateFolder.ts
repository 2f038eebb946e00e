/** One component that is a day: `2026-04-13`, `2026_04_13`, `2026.04.13`, `20260413`. */
const DAY = /^(\d{4})([-_.]?)(\d{2})\2(\d{2})$/;
const YEAR = /^\d{4}$/;
const TWO_DIGITS = /^\d{2}$/;
/** Instruments have written no files before. Also keeps most numbers of eight digits from being taken for days. */
const FIRST_YEAR = 1970;

/**
 * The day that a folder of a geometry job stands for, as `yyyy-mm-dd`, or undefined when it is no date folder. The folder
 * is named for the day in its last component, or in its last three (`2026/04/13`); a folder below one belongs to it, and
 * of several days in a path the deepest counts. Days that the calendar does not have are none.
 */
export function dayOfFolder(folder: string): string | undefined {
  const components = folder.split('/');
  for (let end = components.length; end > 0; end -= 1) {
    const day = dayAt(components, end);
    if (day !== undefined) return day;
  }
  return undefined;
}

function dayAt(components: readonly string[], end: number): string | undefined {
  const [, year, , month, day] = DAY.exec(components[end - 1] ?? '') ?? [];
  if (year !== undefined) return realDay(year, month ?? '', day ?? '');
  const [y = '', m = '', d = ''] = components.slice(Math.max(0, end - 3), end);
  if (!YEAR.test(y) || !TWO_DIGITS.test(m) || !TWO_DIGITS.test(d)) return undefined;
  return realDay(y, m, d);
}

function realDay(year: string, month: string, day: string): string | undefined {
  if (Number(year) < FIRST_YEAR) return undefined;
  const text = `${year}-${month}-${day}`;
  const at = new Date(`${text}T00:00:00.000Z`);
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== text ? undefined : text;
}
