import type { SourceFile } from '../source/sourceFile.ts';
import { HOUR_MS, type Production, type SourceTimes } from './sourceTimes.ts';

/** An instrument may be faster than in its fullest hour; so much faster it is reckoned to be. */
const FASTER = 2;
/** So many files before its turn a file counts as due: the next cycle may be too late. */
const DUE_FILES = 10;

/** When the instrument deletes files: oldest first, one for each new one above the cap (SPEC F14). */
export interface PurgeClock {
  /** Milliseconds until a file of this source time may be deleted, reckoned short; `Infinity` without a cap. */
  deletionInMs(mtimeMs: number): number;
}

export function purgeClock(
  times: Pick<SourceTimes, 'count' | 'countBefore'>,
  cap: number | null,
  { peakHour }: Pick<Production, 'peakHour'>,
): PurgeClock {
  if (cap === null) return { deletionInMs: () => Infinity };
  const headroom = cap - times.count;
  const msAFile = HOUR_MS / Math.max(1, FASTER * peakHour);
  const known = new Map<number, number>();
  return {
    deletionInMs: (mtimeMs) => {
      const inMs = known.get(mtimeMs) ?? reckon(mtimeMs);
      known.set(mtimeMs, inMs);
      return inMs;
    },
  };
  function reckon(mtimeMs: number): number {
    return Math.max(0, headroom + times.countBefore(mtimeMs) - DUE_FILES) * msAFile;
  }
}

/** Orders what is closest to deletion first: by source time, then by path so that every run does the same. */
export function byPurgeOrder(a: SourceFile, b: SourceFile): number {
  return a.mtimeMs - b.mtimeMs || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
}
