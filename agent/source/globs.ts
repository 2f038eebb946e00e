import picomatch from 'picomatch';

/** Whether a path below the source belongs to the job. */
export type PathFilter = (path: string) => boolean;

/** Globs of a job, matched against the whole path without regard to case, as instruments' file systems do. */
export function pathFilter(include: readonly string[], exclude: readonly string[]): PathFilter {
  if (include.length === 0 && exclude.length === 0) return () => true;
  const options = { dot: true, nocase: true };
  const included = include.length === 0 ? () => true : picomatch([...include], options);
  const excluded = exclude.length === 0 ? () => false : picomatch([...exclude], options);
  return (path) => included(path) && !excluded(path);
}
