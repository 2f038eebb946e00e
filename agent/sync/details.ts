import { digestOfFiles, type SortedFolder, sortFolders, type SortingRules } from '../source/candidates.ts';
import type { ChangedFolder } from '../source/scan.ts';
import type { SourceFile } from '../source/sourceFile.ts';
import type { ShareTwins } from './shareTwins.ts';

/** A folder that needs a look at its files. */
export interface DetailedFolder extends SortedFolder {
  readonly fingerprint: string;
}

/** The folders of a survey that were looked at file by file, and what the server is asked about each. */
export interface Details {
  readonly detailed: ReadonlyMap<string, DetailedFolder>;
  /** By the name of the folder, or of the first of those that are one on the share. */
  readonly digests: Map<string, string>;
  /** Takes in folders that are one on the share; one, usually. */
  add(scanned: readonly ChangedFolder[]): void;
  /** Looks at a folder again unless it was looked at; undefined when it is gone. */
  detail(folder: string): DetailedFolder | undefined;
  /** What stands on the source of one folder of the share, with the digest over it; undefined when it is gone. */
  manifest(folder: string): { digest: string; files: readonly SourceFile[] } | undefined;
}

export function openDetails(parts: {
  readonly rules: SortingRules;
  readonly twins: ShareTwins;
  readonly readAgain: (folder: string) => ChangedFolder | undefined;
}): Details {
  const { rules, twins, readAgain } = parts;
  const detailed = new Map<string, DetailedFolder>();
  const digests = new Map<string, string>();
  const add = (scanned: readonly ChangedFolder[]) => {
    const sorted = sortFolders(scanned, rules).map((folder, index) => ({
      ...folder,
      fingerprint: scanned[index]?.fingerprint ?? '',
    }));
    for (const folder of sorted) detailed.set(folder.folder, folder);
    const [first] = sorted;
    if (first === undefined) return;
    const isAlone = sorted.length === 1;
    digests.set(first.folder, isAlone ? first.digest : digestOfFiles(sorted.flatMap(({ files }) => files)));
  };
  const detail = (folder: string) => {
    const scanned = detailed.has(folder) ? undefined : readAgain(folder);
    if (scanned !== undefined) add([scanned]);
    return detailed.get(folder);
  };
  return {
    detailed,
    digests,
    add,
    detail,
    manifest: (folder) => {
      const files = twins.of(folder).flatMap((each) => detail(each)?.files ?? []);
      const digest = digests.get(folder);
      return digest === undefined || !detailed.has(folder) ? undefined : { digest, files };
    },
  };
}
