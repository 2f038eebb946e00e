import { createHash } from 'node:crypto';
import { foldPath, MAX_PATH_LENGTH } from '../../../shared/domain/paths.ts';
import { FilesError } from '../errors.ts';

/** Azure's limits on names, in UTF-16 code units. */
const MAX_COMPONENT_LENGTH = 255;
const MAX_DEPTH = 250;
/** Most file systems end a name at 255 bytes; staging names need a little room beside it. */
const MAX_DISK_NAME_BYTES = 240;
/** Beginning of every name in a data folder that is the server's own and no file of the share. */
export const OWN_PREFIX = '.azure-files';
/** Beginning of the names of data files that wait to be renamed into place. */
export const STAGED_PREFIX = `${OWN_PREFIX}.new-`;

// oxlint-disable-next-line no-control-regex
const FORBIDDEN = /["\\/:|<>*?\u0000-\u001f\u007f-\u009f]/;
const RESERVED = /^(?:CON|PRN|AUX|NUL|CLOCK\$|COM[1-9]|LPT[1-9]|\.{1,2})$/i;

/** How names are compared: without case, code unit by code unit. */
export const foldName = foldPath;

/**
 * The components of a path below a share as Azure takes them; `''` is the root.
 * @throws FilesError InvalidResourceName or InvalidFileOrDirectoryPathName for what Azure Files cannot hold.
 */
export function parsePath(path: string, keepTrailingDots: boolean): string[] {
  if (path === '') return [];
  if (path.length > MAX_PATH_LENGTH) throw new FilesError('InvalidFileOrDirectoryPathName');
  const components = path.split('/').map((name) => checkedName(name, keepTrailingDots));
  if (components.length > MAX_DEPTH) throw new FilesError('InvalidFileOrDirectoryPathName');
  return components;
}

function checkedName(raw: string, keepTrailingDots: boolean): string {
  if (RESERVED.test(raw)) throw new FilesError('InvalidResourceName');
  const name = keepTrailingDots ? raw : raw.replace(/\.+$/, '');
  if (name === '' || FORBIDDEN.test(name) || RESERVED.test(name) || !name.isWellFormed()) {
    throw new FilesError('InvalidResourceName');
  }
  if (name.length > MAX_COMPONENT_LENGTH) throw new FilesError('InvalidFileOrDirectoryPathName');
  return name;
}

const SHARE_NAME = /^[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){2,62}$/;

/**
 * A share name: 3 to 63 of lower-case letters, digits and single inner hyphens.
 * @throws FilesError InvalidResourceName
 */
export function checkShareName(name: string): string {
  if (!SHARE_NAME.test(name)) throw new FilesError('InvalidResourceName');
  return name;
}

/**
 * The name a file or directory gets on the disk below: its own, unless the disk could not hold it or would
 * confuse it with another (too long in bytes, not in composed form, ending in a dot or space, the server's own).
 */
export function diskNameFor(name: string): string {
  if (isPlainOnDisk(name)) return name;
  const hash = createHash('sha256').update(foldName(name)).digest('hex').slice(0, 16);
  const readable = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}_-]+/gu, '_')
    .slice(0, 40);
  return `${OWN_PREFIX}-named-${hash}-${readable}`;
}

function isPlainOnDisk(name: string): boolean {
  if (name.startsWith(OWN_PREFIX) || /[. ]$/.test(name)) return false;
  return Buffer.byteLength(name) <= MAX_DISK_NAME_BYTES && name.normalize('NFC') === name;
}
