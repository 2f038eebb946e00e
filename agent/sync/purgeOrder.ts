import type { SourceFile } from '../source/sourceFile.ts';

/** How many files before the cap the purge counts as near: a hundredth of the cap, ten at least. */
function marginOf(cap: number): number {
  return Math.max(10, Math.ceil(cap / 100));
}

/**
 * The source time up to which files are about to be deleted by the instrument, oldest first (SPEC F14): of a source
 * near its cap, the time of the last file within the margin. Undefined when no purge is near.
 */
export function purgeHorizonMs(mtimes: Float64Array, cap: number | null): number | undefined {
  if (cap === null) return undefined;
  const margin = marginOf(cap);
  if (mtimes.length < cap - margin) return undefined;
  const sorted = Float64Array.from(mtimes).sort();
  return sorted[Math.min(margin, sorted.length) - 1];
}

/** Orders what is closest to deletion first: by source time, then by path so that every run does the same. */
export function byPurgeOrder(a: SourceFile, b: SourceFile): number {
  return a.mtimeMs - b.mtimeMs || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
}
