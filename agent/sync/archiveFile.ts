import { foldPath } from '../../shared/domain/paths.ts';
import type { IndexedFile } from '../index/segment.ts';
import { isShareDown, ShareFault } from '../share/shareFault.ts';
import { isSourceError, outcomeOfSourceError } from '../source/sourceFault.ts';
import type { OpenSource, SourceFile } from '../source/sourceFile.ts';
import { archiveLarge } from './archiveLarge.ts';
import { archiveSmall } from './archiveSmall.ts';
import type { FileProgress } from './inFlight.ts';
import { RANGE_BYTES } from './rangeBuffers.ts';
import { closeUploads } from './sendRanges.ts';
import { SourceChangedError } from './sourceChanged.ts';
import { type ArchiveTools, onShare } from './tools.ts';
import { type Archived, archivedVerdict, noProgress, otherVerdict, type Verdict } from './verdict.ts';

/** JavaScript's timers end here. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A file that the server asked for. */
export interface Candidate {
  readonly file: SourceFile;
  /** What the local index knows of it under the same size, time, change time and file id. */
  readonly known: IndexedFile | undefined;
  /** Milliseconds until the instrument may delete it; `Infinity` where nothing says that it will. */
  readonly deletionInMs: number;
  /** That is before the next look: it is not waited for. */
  readonly urgent: boolean;
}

/**
 * Archives one file and says what became of it; one file's failure never rejects. Rejects only with the reason of
 * `tools.signal`, when the agent is stopping: then the file is looked at again in the next cycle.
 */
export async function archiveFile(tools: ArchiveTools, candidate: Candidate): Promise<Verdict> {
  const { file } = candidate;
  const place = foldPath(onShare(tools, file.path));
  if (!tools.inFlight.claim(place))
    return otherVerdict(file, 'locked', 'another job of this agent writes to this place on the share');
  const progress = tools.inFlight.begin(tools.runId, file);
  const budget = AbortSignal.timeout(Math.min(tools.budgetMs(file.sizeBytes), LONGEST_TIMER_MS));
  const signal = AbortSignal.any([tools.signal, budget]);
  try {
    return await archiveQuiet(tools, candidate, progress, signal);
  } catch (error) {
    tools.signal.throwIfAborted();
    if (budget.aborted)
      return otherVerdict(
        file,
        'out_of_time',
        `its time budget ran out; ${progress.lastError ?? 'it was only slow'}`,
        progress,
      );
    return await failedVerdict(tools, candidate, error, progress);
  } finally {
    progress.end();
    tools.inFlight.release(place);
  }
}

async function archiveQuiet(
  tools: ArchiveTools,
  candidate: Candidate,
  progress: FileProgress,
  signal: AbortSignal,
): Promise<Verdict> {
  const source = await tools.openSource(`${tools.root}/${candidate.file.path}`);
  try {
    const { linked: _, ...seen } = await source.stat();
    const file = { ...candidate.file, ...seen };
    if (!candidate.urgent && !tools.quiet.isQuiet(file)) return otherVerdict(file, 'still_writing', null);
    return await archiveOpen(tools, { ...candidate, file }, source, progress, signal);
  } finally {
    await source.close();
  }
}

async function archiveOpen(
  tools: ArchiveTools,
  candidate: Candidate,
  source: OpenSource,
  progress: FileProgress,
  signal: AbortSignal,
): Promise<Verdict> {
  const { file, known } = candidate;
  const archived =
    file.sizeBytes <= RANGE_BYTES
      ? await archiveSmall(tools, file, source, progress, signal)
      : await archiveLarge(
          tools,
          { file, known: isSame(known, file) ? known : undefined },
          source,
          progress,
          signal,
        );
  await closeUploads(tools, onShare(tools, archived.archivedPath));
  const verdict = archivedVerdict(file, archived, progress);
  return archived.before === undefined
    ? verdict
    : { ...verdict, before: beforeVerdict(file, archived.before) };
}

function beforeVerdict(file: SourceFile, { facts, stamp }: NonNullable<Archived['before']>): Verdict {
  const source = { ...file, sizeBytes: facts.sizeBytes, mtimeMs: facts.mtimeMs };
  const archived = { outcome: 'already_archived', facts, archivedPath: file.path, stamp } as const;
  return archivedVerdict(source, archived, noProgress);
}

function isSame(known: IndexedFile | undefined, file: SourceFile): boolean {
  return (
    known?.sizeBytes === file.sizeBytes &&
    known.mtimeMs === file.mtimeMs &&
    known.ctimeMs === file.ctimeMs &&
    known.fileId === file.fileId
  );
}

async function failedVerdict(
  tools: ArchiveTools,
  { file, urgent }: Candidate,
  error: unknown,
  progress: FileProgress,
): Promise<Verdict> {
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof SourceChangedError) return otherVerdict(file, error.outcome, text, progress);
  if (isSourceError(error)) {
    const outcome = outcomeOfSourceError(error);
    if (outcome !== 'vanished') return otherVerdict(file, outcome, text, progress);
    // Had it stood until now, it would still be waited for: whoever wrote it was not done with it.
    const isPassing = !urgent && !tools.quiet.isQuiet(file);
    if (!isPassing) return goneVerdict(tools, file, lostVerdict(file, text));
    const passing = passingVerdict(file);
    const verdict = await goneVerdict(tools, file, passing);
    return isUndecided(verdict) ? passing : verdict;
  }
  if (!(error instanceof ShareFault))
    tools.log.error({ path: file.path, error }, 'Archiving a file failed in an unforeseen way');
  return { ...otherVerdict(file, 'share_unavailable', text, progress), shareIsDown: isShareDown(error) };
}

export function passingVerdict(file: SourceFile): Verdict {
  return otherVerdict(
    file,
    'vanished_unfinished',
    'deleted from the source while it was still being written',
  );
}

export function lostVerdict(file: SourceFile, error: string): Verdict {
  return otherVerdict(file, 'vanished', error);
}

/**
 * What is to be said of a file that is gone from the source, unless it stands whole on the share with its size and time:
 * a process that was killed may have brought it there and told nobody.
 */
export async function goneVerdict(
  tools: ArchiveTools,
  file: SourceFile,
  otherwise: Verdict,
): Promise<Verdict> {
  try {
    const existing = await tools.folders.look(onShare(tools, file.path), tools.signal);
    const facts = existing?.whole === true ? existing.facts : undefined;
    if (existing === undefined || facts?.sizeBytes !== file.sizeBytes || facts.mtimeMs !== file.mtimeMs)
      return otherwise;
    const archived = {
      outcome: 'already_archived',
      facts,
      archivedPath: file.path,
      stamp: existing.stamp,
    } as const;
    return archivedVerdict(file, archived, noProgress);
  } catch (fault) {
    tools.signal.throwIfAborted();
    // Data loss is claimed only after the share has answered: the next cycle asks again.
    return otherVerdict(file, 'share_unavailable', fault instanceof Error ? fault.message : String(fault));
  }
}

/** The share did not say whether it has the file. */
export function isUndecided({ result }: Verdict): boolean {
  return result.outcome === 'share_unavailable';
}
