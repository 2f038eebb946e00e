import { createHash } from 'node:crypto';

/** The longest path Azure Files takes, in UTF-16 code units. */
export const MAX_PATH_LENGTH = 2048;

/**
 * Folds a path as Azure Files compares names: to upper case, code unit by code unit, so that the length never
 * changes (`ß` stays, as its upper case is two letters). Agent, server and file server use this one fold.
 */
export function foldPath(path: string): string {
  const upper = path.toUpperCase();
  if (upper.length === path.length && isPlain(path)) return upper;
  let folded = '';
  for (let index = 0; index < path.length; index += 1) {
    const unit = path.charAt(index);
    const up = unit.toUpperCase();
    folded += up.length === 1 ? up : unit;
  }
  return folded;
}

function isPlain(path: string): boolean {
  for (let index = 0; index < path.length; index += 1) if (path.charCodeAt(index) > 127) return false;
  return true;
}

/** The 32-byte key under which a path is indexed: SHA-256 of the folded path in UTF-8. */
export function pathKey(path: string): Buffer {
  return createHash('sha256').update(foldPath(path), 'utf8').digest();
}

/** `pathKey` as 64 hex digits. */
export function pathKeyHex(path: string): string {
  return createHash('sha256').update(foldPath(path), 'utf8').digest('hex');
}

/** The folder a path lies in; `''` for a file directly below the source. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

/** The last component. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * Says what keeps a text from being a path below a source: what is wrong and what was wanted, or undefined.
 * Refuses every way out: `..`, `.`, absolute paths, drive letters, backslashes, NUL and empty components.
 */
export function relativePathFault(path: string): string | undefined {
  if (path === '') return 'is empty; wanted: a path below the source';
  if (path.length > MAX_PATH_LENGTH)
    return `has ${String(path.length)} characters; wanted: at most ${String(MAX_PATH_LENGTH)}`;
  if (path.includes('\0')) return 'holds a NUL; wanted: a printable path';
  if (path.includes('\\')) return 'holds a backslash; wanted: / between components';
  if (path.startsWith('/')) return 'is absolute; wanted: a path below the source';
  if (/^[A-Za-z]:/.test(path)) return 'begins with a drive letter; wanted: a path below the source';
  if (!path.isWellFormed()) return 'is not valid Unicode; wanted: well-formed text';
  for (const component of path.split('/')) {
    if (component === '') return 'has an empty component; wanted: names between single slashes';
    if (component === '.' || component === '..')
      return `has the component ${component}; wanted: a path that stays below the source`;
  }
  return undefined;
}
