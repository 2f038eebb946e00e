import { folderOf, nameOf, pathIn } from './relativePath.ts';

/** Azure Files' limit for one component, in UTF-16 code units. */
const MAX_COMPONENT_LENGTH = 255;
/** With its dot; what is longer is part of the name. */
const LONGEST_EXTENSION = 20;
/** So many digits of the content's hash tell contents of one time apart. */
const HASH_LENGTH = 8;

/**
 * Where a source file is kept that changed after it was archived: beside it as `name~<mtime>-<hash8>.ext`. A whole
 * file is never written again. A name that would become too long loses the end of its stem.
 */
export function changedName(path: string, mtimeMs: number, sha256: string): string {
  const { begin, end } = changedNameEnds(nameOf(path), mtimeMs);
  return pathIn(folderOf(path), `${begin}${sha256.slice(0, HASH_LENGTH)}${end}`);
}

/** What `changedName` puts before and behind the digits of the hash: where only the content is not known. */
function changedNameEnds(name: string, mtimeMs: number): { begin: string; end: string } {
  const dot = name.lastIndexOf('.');
  const hasExtension = dot > 0 && name.length - dot <= LONGEST_EXTENSION;
  const [stem, end] = hasExtension ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  const mark = `~${String(mtimeMs)}-`;
  const room = MAX_COMPONENT_LENGTH - mark.length - HASH_LENGTH - end.length;
  return { begin: `${cutWellFormed(stem, room)}${mark}`, end };
}

/**
 * Picks, from folded names of a folder, those that a source file's changed state of this time may have, whatever its
 * content. `fold` is the fold of the names.
 */
export function changedNamesIn(
  names: Iterable<string>,
  source: { readonly name: string; readonly mtimeMs: number },
  fold: (name: string) => string,
): string[] {
  const ends = changedNameEnds(source.name, source.mtimeMs);
  const [begin, end] = [fold(ends.begin), fold(ends.end)];
  const length = begin.length + HASH_LENGTH + end.length;
  return [...names].filter((name) => name.length === length && name.startsWith(begin) && name.endsWith(end));
}

/**
 * The source path that an archived file holds, read back from its name: the inverse of `changedName` for names that
 * were not cut. A name that merely looks like one is told apart by its time, which must be the file's own.
 */
export function sourcePathOf(archivedPath: string, mtimeMs: number): string {
  const match = /^(.+)~(-?\d{1,15})-[0-9a-f]{8}(\.[^.]*)?$/s.exec(nameOf(archivedPath));
  if (match === null || Number(match[2]) !== mtimeMs) return archivedPath;
  return pathIn(folderOf(archivedPath), `${match[1] ?? ''}${match[3] ?? ''}`);
}

/** Cuts to `length` code units at most, never through a surrogate pair. */
function cutWellFormed(text: string, length: number): string {
  const cut = text.slice(0, Math.max(1, length));
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}
