import { foldPath } from './paths.ts';

/** What the share has for one source file. `notWhole`: nothing but what an upload has begun. */
export type Held = 'held' | 'missing' | 'different' | 'notWhole';

/** Archived files by the source file whose content they hold, under its own name or beside it; keys are folded paths. */
export function bySourceFile<T extends { readonly sourcePath: string }>(
  archived: readonly T[],
): Map<string, T[]> {
  return Map.groupBy(archived, ({ sourcePath }) => foldPath(sourcePath));
}

/** Judges what the share has under the names of one source file; one whole file that `isSame` is enough. */
export function judgeHeld<T extends { readonly whole: boolean }>(
  candidates: readonly T[],
  isSame: (file: T) => boolean,
): Held {
  if (candidates.some((file) => file.whole && isSame(file))) return 'held';
  if (candidates.length === 0) return 'missing';
  return candidates.some(({ whole }) => whole) ? 'different' : 'notWhole';
}
