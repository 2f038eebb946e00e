import type { JobConfiguration } from '../../shared/contract/agents.ts';
import type { SourceFile } from '../source/sourceFile.ts';
import type { Judged } from './judgeByContent.ts';
import { type Apart, byPath, type SourceListing } from './listSource.ts';

/** What comparing one job's source with its share found. Paths are below the source, sorted. */
export interface JobFindings {
  readonly jobId: string;
  readonly name: string;
  readonly source: string;
  readonly share: string;
  /** Files of the source that the share holds as they are. */
  readonly equal: number;
  /** Not on the share, or only begun. */
  readonly missing: readonly Apart[];
  /** On the share with other content. */
  readonly different: readonly Apart[];
  /** On the share, and not on the source: mostly what the instrument has deleted after it was archived. */
  readonly extra: readonly Apart[];
  /** Changed too lately to be judged. */
  readonly stillWriting: readonly string[];
  /** Left out by the job's patterns. */
  readonly excluded: readonly string[];
  /** Names that the share cannot hold. */
  readonly unsupported: readonly Apart[];
  /** Could not be read, so that nothing can be said of them. */
  readonly unreadable: readonly Apart[];
  /** Older content of files that changed after they were archived. */
  readonly earlierVersions: number;
}

export const auditExitCodes = { equal: 0, differences: 1, failed: 2 } as const;
export type AuditExitCode = (typeof auditExitCodes)[keyof typeof auditExitCodes];

/** What one job's findings mean; extra files count only when `strict`. */
export function exitCodeOf(found: JobFindings, strict: boolean): AuditExitCode {
  if (found.unreadable.length > 0) return auditExitCodes.failed;
  const counted = found.missing.length + found.different.length + (strict ? found.extra.length : 0);
  return counted > 0 ? auditExitCodes.differences : auditExitCodes.equal;
}

/** Gathers what is found of a job, in any order. */
export function collectFindings(job: JobConfiguration, source: SourceListing) {
  const missing: Apart[] = [];
  const different: Apart[] = [];
  const extra: Apart[] = [];
  const stillWriting: string[] = [];
  const unsupported = [...source.unsupported];
  const unreadable = [...source.unreadable];
  const counts = { equal: 0, earlierVersions: 0 };
  const note = (path: string, judged: Judged) => {
    switch (judged.held) {
      case 'held':
        counts.equal += 1;
        break;
      case 'missing':
        missing.push({ path, reason: 'nothing on the share' });
        break;
      case 'notWhole':
        missing.push({ path, reason: 'begun on the share, not finished' });
        break;
      case 'different':
        different.push({ path, reason: judged.reason });
        break;
      case 'unreadable':
        unreadable.push({ path, reason: judged.reason });
        break;
      case 'writing':
        stillWriting.push(path);
        break;
      case 'gone': // deleted while the audit looked: the next one sees whether it was archived
        break;
    }
  };
  return {
    /** One file of those whose names differ only in case was judged for all of them. */
    judged: (file: SourceFile, all: readonly SourceFile[], judged: Judged) => {
      note(file.path, judged);
      for (const { path } of all)
        if (path !== file.path) unsupported.push({ path, reason: `differs only in case from ${file.path}` });
    },
    earlierVersions: (count: number) => {
      counts.earlierVersions += count;
    },
    extra: (path: string, reason: string) => {
      extra.push({ path, reason });
    },
    all: (): JobFindings => ({
      jobId: job.jobId,
      name: job.name,
      source: job.sourcePath,
      share: job.sharePath === '' ? job.shareName : `${job.shareName}/${job.sharePath}`,
      ...counts,
      missing: missing.toSorted(byPath),
      different: different.toSorted(byPath),
      extra: extra.toSorted(byPath),
      stillWriting: stillWriting.toSorted(),
      excluded: source.excluded.toSorted(),
      unsupported: unsupported.toSorted(byPath),
      unreadable: unreadable.toSorted(byPath),
    }),
  };
}
