import type { JobConfiguration } from '../../shared/contract/agents.ts';

/** What an index counts for, as text: it is another's when source path, share path or globs are. */
export function indexScope(
  job: Pick<JobConfiguration, 'sourcePath' | 'sharePath' | 'include' | 'exclude'>,
): string {
  return JSON.stringify([job.sourcePath, job.sharePath, job.include, job.exclude]);
}

/** The source path of an `indexScope`. */
export function sourceOf(scope: string): unknown {
  const [sourcePath] = JSON.parse(scope) as unknown[];
  return sourcePath;
}
