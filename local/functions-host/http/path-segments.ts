import type { PathSegments } from './match-template.ts';

/**
 * Cuts the path of a request line as Kestrel and the router do: percent escapes are decoded except `%2F`, dot
 * segments are resolved, one slash at the end counts for nothing.
 * Undefined for a path that cannot be decoded or holds NUL: a bad request.
 */
export function splitPath(path: string): PathSegments | undefined {
  let values = path.split('/');
  values.shift();
  if (path.includes('%')) {
    const decoded = decodeAll(values);
    if (decoded === undefined) return undefined;
    values = decoded;
  }
  if (path.includes('.') || path.includes('%')) values = resolveDots(values);
  if (values.at(-1) === '') values.pop();
  return { values, lowerCased: values.map((value) => value.toLowerCase()) };
}

function decodeAll(values: readonly string[]): string[] | undefined {
  try {
    const decoded = values.map((value) => decodeURIComponent(value.replace(/%(2f)/gi, '%25$1')));
    return decoded.some((value) => value.includes('\0')) ? undefined : decoded;
  } catch {
    return undefined;
  }
}

function resolveDots(values: readonly string[]): string[] {
  if (!values.includes('.') && !values.includes('..')) return [...values];
  const resolved: string[] = [];
  for (const value of values) {
    if (value === '..') resolved.pop();
    else if (value !== '.') resolved.push(value);
  }
  return resolved;
}
