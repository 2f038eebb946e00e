import { foldPath } from '../../shared/domain/paths.ts';
import type { FileState, IndexedFile } from '../index/segment.ts';
import { isShareDown, ShareFault } from '../share/shareFault.ts';
import { isSourceError, outcomeOfSourceError } from '../source/sourceFault.ts';
import { openUntil } from '../source/openUntil.ts';
import type { OpenSource, SourceFile } from '../source/sourceFile.ts';
import { archiveLarge } from './archiveLarge.ts';
import { archiveSmall } from './archiveSmall.ts';
import { broughtBeside } from './brought.ts';
import { broughtVerdict, goneVerdict, isUndecided, lostVerdict, passingVerdict } from './goneVerdict.ts';
import type { FileProgress } from './inFlight.ts';
import { isSameState } from './indexEntry.ts';
import { RANGE_BYTES } from './rangeBuffers.ts';
import { closeUploads } from './sendRanges.ts';
import { SourceChangedError } from './sourceChanged.ts';
import { type ArchiveTools, onShare } from './tools.ts';
import { type Archived, archivedVerdict, otherVerdict, type Verdict } from './verdict.ts';

/** JavaScript's timers end here. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A file that the server asked for. */
export interface Candidate {
  readonly file: SourceFile;
  /** What the local index knows of it under the same size, time, change time and file id. */
  readonly known: IndexedFile | undefined;
  /** States that it was pending in before: a process that was killed may have brought them to the share. */
  readonly earlier: readonly FileState[];
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
    return otherVerdict(
      file,
      'locked',
      'another job of this agent writes to this place on the share, or the source has not answered since the last attempt',
    );
  const progress = tools.inFlight.begin(tools.runId, file);
  const budget = AbortSignal.timeout(Math.min(tools.budgetMs(file.sizeBytes), LONGEST_TIMER_MS));
  const signal = AbortSignal.any([tools.signal, budget]);
  const source = openUntil(tools.openSource, signal);
  try {
    return await archiveQuiet({ ...tools, openSource: source.open }, candidate, progress, signal);
  } catch (error) {
    tools.signal.throwIfAborted();
    if (budget.aborted) {
      const why = source.hangs ? 'the source did not answer' : (progress.lastError ?? 'it was only slow');
      return otherVerdict(file, 'out_of_time', `its time budget ran out; ${why}`, progress);
    }
    return await failedVerdict(tools, candidate, error, progress);
  } finally {
    progress.end();
    // Not tried again while a call hangs: each try would take another thread, until none is left for any file.
    source.whenEnded(() => tools.inFlight.release(place));
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
  const { file, known, earlier } = candidate;
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
  const before = await statesBefore(tools, file.path, archived, earlier, signal);
  return before.length === 0
    ? verdict
    : { ...verdict, before: before.map((one) => broughtVerdict(file, one)) };
}

/** What the share holds of earlier states of a file that was archived beside its own name. */
async function statesBefore(
  tools: ArchiveTools,
  path: string,
  { before, facts }: Archived,
  earlier: readonly FileState[],
  signal: AbortSignal,
): Promise<Archived[]> {
  if (before === undefined) return [];
  const own = { ...before, outcome: 'already_archived', archivedPath: path } as const;
  const others = earlier.filter((state) => !isSameState(state, own.facts) && !isSameState(state, facts));
  return [own, ...(await broughtBeside(tools, path, others, signal))];
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
  { file, earlier, urgent }: Candidate,
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
    if (!isPassing) return goneVerdict(tools, { file, earlier }, lostVerdict(file, text));
    const passing = passingVerdict(file);
    const verdict = await goneVerdict(tools, { file, earlier }, passing);
    return isUndecided(verdict) ? passing : verdict;
  }
  if (!(error instanceof ShareFault))
    tools.log.error({ path: file.path, error }, 'Archiving a file failed in an unforeseen way');
  return { ...otherVerdict(file, 'share_unavailable', text, progress), shareIsDown: isShareDown(error) };
}
