import { stat } from 'node:fs/promises';
import { copyData, orShareFull, replaceData } from '../store/dataFile.ts';
import type { Directory } from '../store/directory.ts';
import type { FileEntry } from '../store/entry.ts';
import type { Share } from '../store/share.ts';

/**
 * Gives a file whose data a snapshot shares a copy of its own, so that a write does not reach the snapshot.
 * The caller holds the file exclusively. @returns whether there was anything to do
 */
export async function unshareData(share: Share, parent: Directory, entry: FileEntry): Promise<boolean> {
  const path = parent.pathOf(entry);
  const { nlink } = await stat(path);
  if (nlink === 1) return false;
  await orShareFull(() =>
    replaceData({ directory: parent, entry, synced: share.synced, fill: (target) => copyData(path, target) }),
  );
  return true;
}
