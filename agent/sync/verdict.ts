import type { FileResult } from '../../shared/contract/agents.ts';
import type { Outcome } from '../../shared/domain/outcomes.ts';
import type { ArchivedFacts } from '../../shared/domain/shareMetadata.ts';
import type { ShareStamp } from '../share/shareFiles.ts';
import type { SourceFile } from '../source/sourceFile.ts';
import type { FileProgress } from './inFlight.ts';

/** What became of one file, with the source file as it was when that was decided. */
export interface Verdict {
  readonly source: SourceFile;
  readonly result: FileResult;
  /** The share failed as a whole, so that the next file would fare no better. */
  readonly shareIsDown?: boolean;
  /** Earlier states of the file that were found whole on the share: told first, should nobody know of them. */
  readonly before?: readonly Verdict[];
}

type ArchivedOutcome = Extract<Outcome, 'archived' | 'already_archived' | 'archived_changed'>;

/** Where a file stands on the share; `archivedPath` is below the job's share path. */
export interface Archived {
  readonly outcome: ArchivedOutcome;
  readonly facts: ArchivedFacts;
  readonly archivedPath: string;
  readonly stamp: ShareStamp;
  /** What holds the file's own name, where it was archived beside it. */
  readonly before?: Pick<Archived, 'facts' | 'stamp'>;
}

export type Progress = Pick<FileProgress, 'bytesSent' | 'attempts'>;

export const noProgress: Progress = { bytesSent: 0, attempts: 0 };

export function archivedVerdict(source: SourceFile, archived: Archived, progress: Progress): Verdict {
  return {
    source,
    result: {
      path: source.path,
      outcome: archived.outcome,
      sizeBytes: archived.facts.sizeBytes,
      mtimeMs: source.mtimeMs,
      sha256: archived.facts.sha256,
      archivedPath: archived.archivedPath,
      etag: archived.stamp.etag,
      shareModifiedAt: archived.stamp.modifiedAt.toISOString(),
      bytesSent: progress.bytesSent,
      attempts: progress.attempts,
      error: null,
    },
  };
}

export function otherVerdict(
  source: SourceFile,
  outcome: Exclude<Outcome, ArchivedOutcome>,
  error: string | null,
  progress: Progress = noProgress,
): Verdict {
  return {
    source,
    result: {
      path: source.path,
      outcome,
      sizeBytes: source.sizeBytes,
      mtimeMs: source.mtimeMs,
      sha256: null,
      archivedPath: null,
      etag: null,
      shareModifiedAt: null,
      bytesSent: progress.bytesSent,
      attempts: progress.attempts,
      error: error?.slice(0, 4000) ?? null,
    },
  };
}

export function isArchived(result: Pick<FileResult, 'outcome'>): boolean {
  return (
    result.outcome === 'archived' ||
    result.outcome === 'already_archived' ||
    result.outcome === 'archived_changed'
  );
}

/** The file was still being written: should it vanish, nothing that was ever whole is lost. */
export function isUnfinished(result: Pick<FileResult, 'outcome'>): boolean {
  return result.outcome === 'still_writing' || result.outcome === 'changed_during_upload';
}
