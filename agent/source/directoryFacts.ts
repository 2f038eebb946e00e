import { readdirSync, statSync } from 'node:fs';

/** What one cheap look at a folder shows: no file of it is stat'ed. */
export interface DirectoryFacts {
  /** Changes when a name is added, removed or renamed; not when a file is written to. */
  readonly mtimeMs: number;
  /** Names of every kind in the folder: file systems there are whose folders keep their time. */
  readonly names: number;
  /** Folders within. */
  readonly folders: readonly string[];
}

/** Two changes this close together may leave a folder with the same time. */
const COARSEST_CLOCK_MS = 5000;

/**
 * The facts to hold later looks against, to be taken before the files are looked at. Undefined when the folder changed a
 * moment ago, or ahead of the clock: another change might then not show.
 */
export function directoryFacts(
  directory: string,
  nowMs: number,
): Omit<DirectoryFacts, 'folders'> | undefined {
  const stat = statSync(directory, { throwIfNoEntry: false });
  if (stat === undefined || stat.mtimeMs > nowMs - COARSEST_CLOCK_MS) return undefined;
  return { mtimeMs: stat.mtimeMs, names: readdirSync(directory).length };
}

/** Whether a folder still shows these facts; a folder that cannot be read does not. */
export function showsFacts(directory: string, facts: DirectoryFacts): boolean {
  try {
    const stat = statSync(directory, { throwIfNoEntry: false });
    if (stat?.mtimeMs !== facts.mtimeMs || !stat.isDirectory()) return false;
    return readdirSync(directory).length === facts.names;
  } catch {
    return false; // the full look that follows says what is wrong
  }
}
