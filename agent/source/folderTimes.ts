import { FACTS_PER_FILE, type ScannedFolder } from './scannedFolder.ts';

/** Source times of one folder's files, as far as they are wanted. */
export interface FolderTimes {
  readonly count: number;
  readonly oldestMs: number;
  readonly newestMs: number;
  /** Of the files that are younger than was asked for. */
  readonly recent: Float64Array;
  /** Of all files, in no order; absent where nobody asked, and of sealed folders. */
  readonly all?: Float64Array;
}

/** Which times are wanted: all for the purge order of a capped source, else those that tell how much is produced. */
export interface WantedTimes {
  readonly all: boolean;
  readonly sinceMs: number;
}

export function folderTimes(scanned: Pick<ScannedFolder, 'facts'>, wanted: WantedTimes): FolderTimes {
  const { facts } = scanned;
  const count = facts.length / FACTS_PER_FILE;
  const all = wanted.all ? new Float64Array(count) : undefined;
  const recent: number[] = [];
  let oldestMs = Infinity;
  let newestMs = -Infinity;
  for (let index = 0; index < count; index += 1) {
    const at = facts[index * FACTS_PER_FILE + 1] ?? 0;
    if (at < oldestMs) oldestMs = at;
    if (at > newestMs) newestMs = at;
    if (at >= wanted.sinceMs) recent.push(at);
    if (all !== undefined) all[index] = at;
  }
  const times = { count, oldestMs, newestMs, recent: Float64Array.from(recent) };
  return all === undefined ? times : { ...times, all };
}
