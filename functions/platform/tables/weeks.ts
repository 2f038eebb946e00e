/** Tables a week: retention drops whole tables, which costs the same however much they hold. */
const WEEK_MS = 7 * 24 * 3_600_000;
const DAY_MS = 24 * 3_600_000;
/** 1 January 1970 was a Thursday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/** Above every millisecond that is filed. */
const LATEST_MS = 99_999_999_999_999;

/** The table of a week: the prefix (letters) and the date of its Monday, UTC. */
export function tableOfWeek(prefix: string, atMs: number): string {
  return `${prefix}${dayOf(mondayOf(atMs)).replaceAll('-', '')}`;
}

/** When the week of a table is over; undefined for a table that is none of these. */
export function endOfTableMs(prefix: string, name: string): number | undefined {
  const date = /^(\d{4})(\d{2})(\d{2})$/.exec(name.slice(prefix.length));
  if (date === null || !name.startsWith(prefix)) return undefined;
  return Date.UTC(Number(date[1]), Number(date[2]) - 1, Number(date[3])) + WEEK_MS;
}

/** `2026-11-22`, UTC. */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** The days from one instant to another, newest first, as the first millisecond of each. */
export function daysBetween(fromMs: number, toMs: number): number[] {
  const days: number[] = [];
  for (let day = Math.floor(toMs / DAY_MS) * DAY_MS; day > fromMs - DAY_MS; day -= DAY_MS) days.push(day);
  return days;
}

/** The weeks from one instant to another, oldest first, as the first millisecond of each. */
export function weeksBetween(fromMs: number, toMs: number): number[] {
  const weeks: number[] = [];
  for (let week = mondayOf(fromMs); week <= toMs; week += WEEK_MS) weeks.push(week);
  return weeks;
}

function mondayOf(atMs: number): number {
  return Math.floor((atMs - FIRST_MONDAY_MS) / WEEK_MS) * WEEK_MS + FIRST_MONDAY_MS;
}

/** A runner's rows of one day stand together. */
export function partitionOf(runnerId: string, atMs: number): string {
  return `${runnerId}|${dayOf(atMs)}`;
}

/** Sorts later before earlier: tables are read in the order of their keys only. */
export function newestFirst(atMs: number): string {
  return String(LATEST_MS - atMs).padStart(14, '0');
}
