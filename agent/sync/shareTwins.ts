import { foldPath } from '../../shared/domain/paths.ts';

/** Folders of a source whose names differ only in case: on the share they are one. */
export interface ShareTwins {
  /** All folders that are one with this one on the share, itself among them, in byte order; alone, usually. */
  of(folder: string): readonly string[];
  isTwin(folder: string): boolean;
}

export function shareTwins(folders: Iterable<string>): ShareTwins {
  const firsts = new Map<string, string>();
  const groups = new Map<string, string[]>();
  for (const folder of folders) {
    const folded = foldPath(folder);
    const first = firsts.get(folded);
    if (first === undefined) firsts.set(folded, folder);
    else groups.set(folded, [...(groups.get(folded) ?? [first]), folder]);
  }
  for (const group of groups.values()) group.sort();
  const groupOf = (folder: string) => (groups.size === 0 ? undefined : groups.get(foldPath(folder)));
  return {
    of: (folder) => groupOf(folder) ?? [folder],
    isTwin: (folder) => groupOf(folder) !== undefined,
  };
}
