const dayPattern = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The instant at which a local day (`2026-04-13`) begins; undefined for what is no day. */
export function startOfDay(day: string): string | undefined {
  return localMidnight(day, 0);
}

/** The last millisecond of a local day. */
export function endOfDay(day: string): string | undefined {
  const next = localMidnight(day, 1);
  return next === undefined ? undefined : new Date(Date.parse(next) - 1).toISOString();
}

function localMidnight(day: string, daysLater: number): string | undefined {
  const match = dayPattern.exec(day);
  if (match === null) return undefined;
  const [year, month, date] = match.slice(1).map(Number);
  if (year === undefined || month === undefined || date === undefined) return undefined;
  if (month < 1 || month > 12 || date < 1 || date > 31) return undefined;
  return new Date(year, month - 1, date + daysLater).toISOString();
}
