import type { FolderTimes } from '../source/folderTimes.ts';

/** When the files of a source were written: what the purge order and the rate of production are reckoned from. */
export interface SourceTimes {
  /** Every file that stands on the source, whether it belongs to the job or not: the instrument counts them all. */
  readonly count: number;
  /** Files with a source time before `ms`; within a sealed folder, as if its files were spread evenly. */
  countBefore(ms: number): number;
}

/** Takes the times of every folder; of sealed ones without the times of each file. */
export function sourceTimes(parts: readonly FolderTimes[]): SourceTimes {
  const folders = parts.filter(({ count }) => count > 0);
  const sorted = new Map<FolderTimes, Float64Array>();
  const sortedOf = (part: FolderTimes) => {
    const times = sorted.get(part) ?? part.all?.slice().sort();
    if (times !== undefined) sorted.set(part, times);
    return times;
  };
  const countBefore = (ms: number) =>
    folders.reduce((sum, part) => {
      if (ms > part.newestMs) return sum + part.count;
      if (ms <= part.oldestMs) return sum;
      const times = sortedOf(part);
      return sum + (times === undefined ? evenly(part, ms) : lowerBound(times, ms));
    }, 0);
  const count = folders.reduce((sum, part) => sum + part.count, 0);
  return { count, countBefore };
}

function evenly({ count, oldestMs, newestMs }: FolderTimes, ms: number): number {
  return Math.round((count * (ms - oldestMs)) / Math.max(1, newestMs - oldestMs));
}

/** How many of the sorted times lie before `ms`. */
function lowerBound(times: Float64Array, ms: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What a source gained lately. */
export interface Production {
  readonly lastHour: number;
  readonly lastDay: number;
  /** The most within any 60 minutes of the last 24 hours. */
  readonly peakHour: number;
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/**
 * Counts files by their source times. Times up to an hour ahead of the clock count as now: an instrument's clock may be
 * a little off; those further ahead say nothing.
 */
export function productionOf(parts: readonly FolderTimes[], nowMs: number): Production {
  const times = parts
    .flatMap(({ recent }) => [...recent])
    .filter((at) => at > nowMs - DAY_MS && at <= nowMs + HOUR_MS)
    .map((at) => Math.min(at, nowMs))
    .sort((a, b) => a - b);
  let first = 0;
  let peakHour = 0;
  for (const [index, at] of times.entries()) {
    while ((times[first] ?? at) <= at - HOUR_MS) first += 1;
    peakHour = Math.max(peakHour, index - first + 1);
  }
  const lastHour = times.filter((at) => at > nowMs - HOUR_MS).length;
  return { lastHour, lastDay: times.length, peakHour };
}
