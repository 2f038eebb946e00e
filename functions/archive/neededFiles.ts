import type { Db } from '../platform/database/index.ts';
import type { ListedFile, ListedFolder } from './manifest.ts';
import { holdingsOfFiles, holdingsOfFolders, type NamedFile } from './store/stateIndex.ts';

/** Index rows read for one request at most, so that a folder of millions does not fill the memory. */
const MAX_HOLDINGS = 60_000;

/**
 * The listed files that the index does not hold with that size and time. The source may have changed after archiving,
 * so one source file may have several rows: any of them counts.
 */
export async function neededFiles(
  db: Db,
  jobId: string,
  folders: readonly ListedFolder[],
  maxHoldings = MAX_HOLDINGS,
): Promise<ListedFile[]> {
  const files = folders.flatMap((folder) => folder.files ?? []);
  if (files.length === 0) return [];
  const keys = folders.map((folder) => folder.folderKey);
  const holdings =
    (await holdingsOfFolders(db, jobId, keys, maxHoldings)) ?? (await holdingsOfFiles(db, jobId, files));
  if (holdings.length === 0) return files;
  const held = new Set(holdings.map((holding) => factsKey(holding)));
  return files.filter((file) => !held.has(factsKey(file)));
}

function factsKey(file: NamedFile): string {
  return `${file.sourceKeyHex} ${String(file.sizeBytes)} ${String(file.mtimeMs)}`;
}
