import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isErrno, replaceFile } from './disk.ts';
import { diskNameOf } from './entry.ts';
import type { Entry } from './entry.ts';
import { foldName } from './names.ts';
import type { Tree } from './tree.ts';

const INTENT_NAME = 'rename.json';

/** A rename that touches two journals and the disk: written down first, so that a crash cannot leave half of it. */
export interface RenameIntent {
  /** The folder and name it had, as components. */
  readonly from: readonly string[];
  readonly toParent: readonly string[];
  /** The entry as it will stand in its new folder. */
  readonly entry: Entry;
  /** Its name on the disk below before the rename. */
  readonly fromDiskName: string;
}

/**
 * Carries a rename out. The caller holds the share's paths exclusively; a file that stood at the new place is
 * replaced. Every step may be repeated.
 */
export function carryOutRename(shareFolder: string, tree: Tree, intent: RenameIntent): void {
  replaceFile(join(shareFolder, INTENT_NAME), JSON.stringify(intent), tree.synced);
  applyRename(tree, intent);
  rmSync(join(shareFolder, INTENT_NAME));
}

/** Finishes a rename that a crash interrupted; without one it does nothing. */
export function redoRename(shareFolder: string, tree: Tree): void {
  let text: string;
  try {
    text = readFileSync(join(shareFolder, INTENT_NAME), 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return;
    throw error;
  }
  applyRename(tree, JSON.parse(text) as RenameIntent);
  rmSync(join(shareFolder, INTENT_NAME));
}

function applyRename(tree: Tree, intent: RenameIntent): void {
  const source = tree.directory(intent.from.slice(0, -1));
  const target = tree.directory(intent.toParent);
  const fromPath = join(source.diskPath, intent.fromDiskName);
  const toPath = join(target.diskPath, diskNameOf(intent.entry));
  tree.forget(fromPath);
  if (fromPath !== toPath && existsSync(fromPath)) {
    // An empty folder that a crash left over would be in the way of a folder; a file is simply replaced.
    if (intent.entry.kind === 'directory' && !samePlace(fromPath, toPath))
      rmSync(toPath, { recursive: true, force: true });
    renameSync(fromPath, toPath);
  }
  if (intent.entry.kind === 'directory') mkdirSync(toPath, { recursive: true });
  target.put(intent.entry);
  const oldName = intent.from.at(-1) ?? '';
  if (source !== target || foldName(oldName) !== foldName(intent.entry.name)) source.remove(oldName);
}

/** On a disk that ignores case, `a` and `A` are one folder, which must not be removed before it is renamed. */
function samePlace(left: string, right: string): boolean {
  return foldName(left) === foldName(right);
}
