import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { JOURNAL_NAME } from './directory.ts';
import type { Directory } from './directory.ts';
import { linkData } from './dataFile.ts';
import { syncPath } from './disk.ts';
import { OWN_PREFIX } from './names.ts';
import type { Share } from './share.ts';

const LINKS_AT_ONCE = 32;
/** A snapshot that is being built; one found at start-up was never acknowledged and is removed. */
export const UNFINISHED_SNAPSHOT = `${OWN_PREFIX}.building`;

/** Where a snapshot's files are: the time without the colons that some file systems refuse. */
export function snapshotFolder(shareFolder: string, time: string): string {
  return join(shareFolder, 'snapshots', time.replaceAll(':', '-'));
}

/**
 * Builds the tree of a snapshot: folders and journals are copied, data files are linked, so that it costs no
 * room; whoever writes to a linked file later gives the share its own copy first. The caller holds the share's
 * paths exclusively and records the snapshot afterwards.
 */
export async function buildSnapshot(share: Share, time: string): Promise<void> {
  const target = snapshotFolder(share.folder, time);
  const building = join(share.folder, 'snapshots', UNFINISHED_SNAPSHOT);
  await rm(building, { recursive: true, force: true });
  await mkdir(building, { recursive: true });
  for (const directory of share.tree.walk()) {
    await copyFolder(directory, join(building, directory.diskPath.slice(share.tree.rootPath.length)));
  }
  await rename(building, target);
  if (share.synced) await syncPath(join(share.folder, 'snapshots'));
}

async function copyFolder(directory: Directory, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  if (directory.size === 0) return;
  await copyFile(join(directory.diskPath, JOURNAL_NAME), join(target, JOURNAL_NAME));
  const paths: string[] = [];
  for (const entry of directory.entries()) if (entry.kind === 'file') paths.push(directory.pathOf(entry));
  for (let start = 0; start < paths.length; start += LINKS_AT_ONCE) {
    await Promise.all(
      paths
        .slice(start, start + LINKS_AT_ONCE)
        .map((path) => linkData(path, target + path.slice(directory.diskPath.length))),
    );
  }
}
