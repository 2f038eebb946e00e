import { pathIn } from '../../shared/domain/relativePath.ts';
import type { FileState } from '../index/segment.ts';
import { type FolderTimes, folderTimes, type WantedTimes } from '../source/folderTimes.ts';
import type { PathFilter } from '../source/globs.ts';
import { factsCollector } from '../source/scannedFolder.ts';
import type { Knowledge } from './knowledge.ts';
import { isOfNoFile, pendingFiles } from './pendingFiles.ts';

/**
 * What is known of the folders that a scan could not read. Their files count as they were last seen: a backlog that is out of
 * sight is not archived, and the instrument may delete it all the same.
 */
export interface Unseen {
  /** Of the job's files. */
  readonly fileCount: number;
  readonly sizeBytes: number;
  readonly times: readonly FolderTimes[];
  /** What waits there to be archived. */
  readonly pending: () => FileState[];
}

export function unseenFiles(
  folders: readonly string[],
  rules: { readonly knowledge: Knowledge; readonly belongs: PathFilter; readonly times: WantedTimes },
): Unseen {
  const known = folders.map((folder) => ({
    folder,
    files: [...rules.knowledge.segment(folder).values()].filter((file) => !isOfNoFile(file)),
  }));
  const own = known.flatMap(({ folder, files }) =>
    files.filter(({ name }) => rules.belongs(pathIn(folder, name))),
  );
  return {
    fileCount: own.length,
    sizeBytes: own.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    times: known.map(({ files }) => timesOf(files, rules.times)),
    pending: () => folders.flatMap((folder) => pendingFiles(folder, rules)),
  };
}

function timesOf(files: readonly FileState[], wanted: WantedTimes): FolderTimes {
  const collector = factsCollector(files.length);
  for (const { sizeBytes, mtimeMs } of files) collector.add(sizeBytes, mtimeMs, 0, 0);
  return folderTimes({ facts: collector.collected() }, wanted);
}
