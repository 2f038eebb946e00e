import type { ManifestFile } from '../../shared/contract/agents.ts';
import type { Db } from '../platform/database/index.ts';
import type { ListedFolder } from './manifest.ts';
import { holdingsOfFiles, holdingsOfFolders, type NamedFile } from './store/stateIndex.ts';

/** Index rows read for one request at most, so that a folder of millions does not fill the memory. */
const MAX_HOLDINGS = 60_000;

/** Of one folder, what the index lacks. */
export interface Lacking {
  readonly folder: ListedFolder;
  readonly files: readonly ManifestFile[];
}

/**
 * Of each folder the listed files that the index does not hold with that size and time. The source may have changed after
 * archiving, so one source file may have several rows: any of them counts.
 */
export async function neededFiles(
  db: Db,
  jobId: string,
  folders: readonly ListedFolder[],
  maxHoldings = MAX_HOLDINGS,
): Promise<Lacking[]> {
  if (!folders.some(({ files = [] }) => files.length > 0)) return folders.map(allOf);
  const keys = folders.map((folder) => folder.folderKey);
  const holdings =
    (await holdingsOfFolders(db, jobId, keys, maxHoldings)) ??
    (await holdingsOfFiles(db, jobId, folders.flatMap(namedFiles)));
  if (holdings.length === 0) return folders.map(allOf);
  const held = Map.groupBy(holdings, ({ sourceKeyHex }) => sourceKeyHex);
  return folders.map((folder) => lackingOf(folder, held));
}

function allOf(folder: ListedFolder): Lacking {
  return { folder, files: folder.files ?? [] };
}

function lackingOf(folder: ListedFolder, held: ReadonlyMap<string, readonly NamedFile[]>): Lacking {
  const keys = folder.keysHex();
  const isHeld = ({ sizeBytes, mtimeMs }: ManifestFile, index: number) =>
    held.get(keys[index] ?? '')?.some((each) => each.sizeBytes === sizeBytes && each.mtimeMs === mtimeMs);
  return { folder, files: (folder.files ?? []).filter((file, index) => isHeld(file, index) !== true) };
}

function namedFiles({ files = [], keysHex }: ListedFolder): NamedFile[] {
  const keys = keysHex();
  return files.map(({ sizeBytes, mtimeMs }, index) => ({
    sourceKeyHex: keys[index] ?? '',
    sizeBytes,
    mtimeMs,
  }));
}
