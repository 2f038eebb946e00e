import { hash } from 'node:crypto';

/** The pure half lives apart, so that a browser can have it without `node:crypto`. */
export * from './relativePath.ts';

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
  return hash('sha256', foldPath(path), 'buffer');
}

/** `pathKey` as 64 hex digits. */
export function pathKeyHex(path: string): string {
  return hash('sha256', foldPath(path), 'hex');
}
