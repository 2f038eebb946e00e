/** The longest path Azure Files takes, in UTF-16 code units. */
export const MAX_PATH_LENGTH = 2048;

/** The folder a path lies in; `''` for a file directly below the source. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

/** The last component. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The path of what a folder holds; `''` is the source itself. */
export function pathIn(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Names of the letters that instruments write: none of the faults below. One look at each of 20,000 files is enough. */
const surelySound = /^[\w-][\w .-]*(?:\/[\w-][\w .-]*)*$/;

/**
 * Says what keeps a text from being a path below a source: what is wrong and what was wanted, or undefined.
 * Refuses every way out: `..`, `.`, absolute paths, drive letters, backslashes, NUL and empty components.
 */
export function relativePathFault(path: string): string | undefined {
  if (path === '') return 'is empty; wanted: a path below the source';
  if (path.length > MAX_PATH_LENGTH)
    return `has ${String(path.length)} characters; wanted: at most ${String(MAX_PATH_LENGTH)}`;
  if (surelySound.test(path)) return undefined;
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
