const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

/** A size with three figures at most and a unit of 1,024: `0 B`, `20.5 KB`, `1.2 TB`. */
export function saySize(sizeBytes: number): string {
  let value = sizeBytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const figures = unit === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1).replace(/\.0$/, '');
  return `${figures} ${units[unit] ?? ''}`;
}

/** A whole number with thin groups: `12,345`. */
export function sayCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 file`, `12 files`; a plural that is not the singular with an s is given. */
export function sayAmount(count: number, singular: string, plural = `${singular}s`): string {
  return `${sayCount(count)} ${count === 1 ? singular : plural}`;
}

/** A share of a whole in per cent, kept between 0 and 100; 0 of nothing is 0. */
export function percentOf(part: number, whole: number): number {
  if (whole <= 0) return 0;
  return Math.min(100, Math.max(0, (part / whole) * 100));
}
