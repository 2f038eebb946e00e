/**
 * A readable id from a host's or a job's name: lower-case letters, digits and single dashes, at most `maxLength`
 * characters; `fallback` when nothing readable is left.
 */
export function slugOf(name: string, maxLength: number, fallback: string): string {
  const slug = name
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, maxLength)
    .replaceAll(/^-+|-+$/g, '');
  return slug === '' ? fallback : slug;
}

/** `base`, or `base-2`, `base-3`… until `isTaken` is content; never longer than `maxLength`. */
export function firstFree(base: string, maxLength: number, isTaken: (name: string) => boolean): string {
  if (!isTaken(base)) return base;
  for (let number = 2; ; number += 1) {
    const ending = `-${String(number)}`;
    const name = `${base.slice(0, maxLength - ending.length).replace(/-+$/, '')}${ending}`;
    if (!isTaken(name)) return name;
  }
}

/** Azure's bounds for the name of a share: 3 to 63 of `[a-z0-9-]`, a letter or digit at both ends, no `--`. */
export const MAX_SHARE_NAME_LENGTH = 63;

/** The share of a runner by default: `runner-<id>`, made to fit Azure's rules. */
export function shareNameOf(runnerId: string): string {
  return `runner-${slugOf(runnerId, MAX_SHARE_NAME_LENGTH - 'runner-'.length, 'unnamed')}`;
}
