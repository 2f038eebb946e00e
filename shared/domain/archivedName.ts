import { folderOf, nameOf } from './relativePath.ts';

/** Azure Files' limit for one component, in UTF-16 code units. */
const MAX_COMPONENT_LENGTH = 255;
/** With its dot; what is longer is part of the name. */
const LONGEST_EXTENSION = 20;

/**
 * Where a source file is kept that changed after it was archived: beside it as `name~<mtime>-<hash8>.ext`. A whole
 * file is never written again. A name that would become too long loses the end of its stem.
 */
export function changedName(path: string, mtimeMs: number, sha256: string): string {
  const name = nameOf(path);
  const dot = name.lastIndexOf('.');
  const hasExtension = dot > 0 && name.length - dot <= LONGEST_EXTENSION;
  const [stem, extension] = hasExtension ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  const mark = `~${String(mtimeMs)}-${sha256.slice(0, 8)}`;
  const room = MAX_COMPONENT_LENGTH - mark.length - extension.length;
  const folder = folderOf(path);
  const changed = `${cutWellFormed(stem, room)}${mark}${extension}`;
  return folder === '' ? changed : `${folder}/${changed}`;
}

/**
 * The source path that an archived file holds, read back from its name: the inverse of `changedName` for names that
 * were not cut. A name that merely looks like one is told apart by its time, which must be the file's own.
 */
export function sourcePathOf(archivedPath: string, mtimeMs: number): string {
  const match = /^(.+)~(-?\d{1,15})-[0-9a-f]{8}(\.[^.]*)?$/s.exec(nameOf(archivedPath));
  if (match === null || Number(match[2]) !== mtimeMs) return archivedPath;
  const name = `${match[1] ?? ''}${match[3] ?? ''}`;
  const folder = folderOf(archivedPath);
  return folder === '' ? name : `${folder}/${name}`;
}

/** Cuts to `length` code units at most, never through a surrogate pair. */
function cutWellFormed(text: string, length: number): string {
  const cut = text.slice(0, Math.max(1, length));
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}
