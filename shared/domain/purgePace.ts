/** The fastest production that is thought possible: so many files in any hour, and so many in any 24 h. */
export interface PurgePace {
  readonly perHour: number;
  readonly perDay: number;
}

/** What agents and the server have counted; null: not known. */
export interface ProductionCounts {
  readonly sourceCap: number | null;
  readonly producedLastHour: number | null;
  readonly producedLastDay: number | null;
  readonly producedPeakHour: number | null;
  /** The fullest hour, and the fullest 24 h, of the last four weeks. */
  readonly seenPeakHour: number | null;
  readonly seenPeakDay: number | null;
  /** How many weeks ago those were first kept; null: none are kept. */
  readonly seenWeeks: number | null;
}

/** Peaks are kept for so many weeks beside the present one: longer than a shutdown over holidays. */
export const REMEMBERED_WEEKS = 4;

/**
 * Where a source is full of files of the last day, a count of that day may have missed what was deleted meanwhile: above
 * this part of the cap a daily count is not believed, and every hour is thought to be as full as the fullest.
 */
const BELIEVED_PART_OF_CAP = 0.9;

/** The fastest of what was seen lately; undefined when nobody has counted. */
export function paceOf(counts: ProductionCounts): PurgePace | undefined {
  const perHour = highest(counts.producedLastHour, counts.producedPeakHour, counts.seenPeakHour);
  if (perHour === undefined) return undefined;
  const perDay = highest(counts.producedLastDay, counts.seenPeakDay);
  const isBelieved = perDay !== undefined && perDay < BELIEVED_PART_OF_CAP * (counts.sourceCap ?? Infinity);
  return { perHour, perDay: isBelieved ? Math.max(perHour, Math.min(perDay, 24 * perHour)) : 24 * perHour };
}

/** Whether a pace of nothing is what the instrument does: a new agent, or lost peaks, may have counted one quiet weekend only. */
export function isIdle({ seenWeeks }: ProductionCounts): boolean {
  return (seenWeeks ?? 0) >= REMEMBERED_WEEKS;
}

/** The most files that `hours` may bring at this pace: full days, then the fullest hours one after another. */
export function mostProducedIn(hours: number, { perHour, perDay }: PurgePace): number {
  const days = Math.floor(hours / 24);
  return days * perDay + Math.min(perDay, perHour * (hours - 24 * days));
}

/** The least time, in hours, in which so many files may come; infinite when nothing is produced. */
export function leastHoursFor(files: number, { perHour, perDay }: PurgePace): number {
  if (files <= 0) return 0;
  if (perHour === 0) return Infinity;
  const fullDays = Math.ceil(files / perDay) - 1;
  return 24 * fullDays + (files - fullDays * perDay) / perHour;
}

function highest(...counts: readonly (number | null)[]): number | undefined {
  const known = counts.filter((count) => count !== null);
  return known.length === 0 ? undefined : Math.max(...known);
}
