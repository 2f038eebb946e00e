import { randomUUID } from 'node:crypto';
import type { Candidate } from './archiveFile.ts';
import type { Cycle, CycleDependencies } from './cycleParts.ts';
import { isGone, type LostFile, tellRenamed } from './gone.ts';
import { goneVerdict, isUndecided, lostVerdict, passingVerdict } from './goneVerdict.ts';
import { knowShareFolders } from './shareFolders.ts';
import type { ArchiveTools } from './tools.ts';
import { countByFolder, uploadAll } from './upload.ts';
import { isArchived, isUnfinished, type Verdict } from './verdict.ts';

/** Results reach the server at least this often while files are uploaded. */
const REPORT_EVERY_MS = 2000;
const DELETED = 'deleted from the source before it was archived';

interface Work {
  readonly candidates: readonly Candidate[];
  /** Seen by an earlier cycle, never archived, not on the source any more. */
  readonly lost: readonly LostFile[];
  /** Paths that are not archived; what is archived is taken out. */
  readonly openPaths: Set<string>;
  /** Of these, what was found to be still written to. */
  readonly unfinishedPaths: Set<string>;
  /** Paths of lost files of which the share did not say whether it has them: the next cycle asks again. */
  readonly undecidedPaths: Set<string>;
}

/** Archives the candidates and reports each; returns why it ended early, or null. */
export async function archiveCandidates(
  cycle: Cycle,
  work: Work,
  dependencies: CycleDependencies,
): Promise<string | null> {
  const { reporter, job } = cycle;
  const failed = new AbortController();
  const tools = await toolsFor(cycle, work, {
    ...dependencies,
    signal: AbortSignal.any([dependencies.signal, failed.signal]),
  });
  // A report that can never be taken (the run was superseded) ends the uploads too.
  const report = () => void reporter.send().catch((error: unknown) => failed.abort(error));
  const reporting = setInterval(report, REPORT_EVERY_MS);
  const addBefore = async ({ before = [] }: Verdict) => {
    for (const earlier of before) await reporter.add(earlier);
  };
  const vanished: Verdict[] = [];
  const { lateWrites, inFlight } = dependencies;
  let uploadsEnd: ReturnType<typeof lateWrites.begin> | undefined;
  let isWaitedFor = false;
  const measuring = dependencies.uploads.begin();
  try {
    const error = await uploadAll(work.candidates, {
      tools,
      concurrency: dependencies.concurrency,
      turns: dependencies.turns,
      mayBegin: async ({ urgent }) => {
        if (!urgent) await lateWrites.settled(tools.signal);
        uploadsEnd ??= lateWrites.begin();
      },
      decided: async (verdict) => {
        if (verdict.result.bytesSent > 0 && isArchived(verdict.result))
          measuring.archived(verdict.result.bytesSent);
        noteState(verdict, work);
        await addBefore(verdict);
        if (isGone(verdict)) vanished.push(verdict);
        else await reporter.add(verdict);
      },
    });
    if (work.lost.length > 0) await lateWrites.settled(tools.signal);
    for (const lost of work.lost) {
      const otherwise = lost.unfinished ? passingVerdict(lost.file) : lostVerdict(lost.file, DELETED);
      const verdict = await goneVerdict(tools, lost, otherwise);
      await addBefore(verdict);
      if (isUndecided(verdict)) work.undecidedPaths.add(lost.file.path);
      else vanished.push(verdict);
    }
    for (const verdict of await tellRenamed(dependencies.scan, job.sourcePath, vanished)) {
      work.openPaths.delete(verdict.source.path);
      await reporter.add(verdict);
    }
    isWaitedFor = true;
    return error;
  } finally {
    uploadsEnd?.(isWaitedFor ? (inFlight.mayStillArrive() ? 'unanswered' : 'answered') : 'cut');
    measuring.end();
    clearInterval(reporting);
  }
}

function noteState({ source: { path }, result }: Verdict, { openPaths, unfinishedPaths }: Work): void {
  if (isArchived(result)) openPaths.delete(path);
  if (isUnfinished(result)) unfinishedPaths.add(path);
}

async function toolsFor(
  { job, run }: Cycle,
  { candidates, lost }: Work,
  dependencies: CycleDependencies,
): Promise<ArchiveTools> {
  const share = await dependencies.openShare(job.shareName);
  const { journal, log, openSource, startFileHash, buffers, quiet, inFlight, lateWrites } = dependencies;
  const { budgetMs, monotonicMs, signal } = dependencies;
  const expected = countByFolder(job, [...candidates, ...lost]);
  return {
    jobId: job.jobId,
    runId: run?.runId,
    root: job.sourcePath,
    sharePath: job.sharePath,
    openSource,
    startFileHash,
    buffers,
    share,
    folders: knowShareFolders({ share, monotonicMs, expectedIn: (folder) => expected.get(folder) ?? 0 }),
    journal,
    quiet,
    inFlight,
    lateWrites,
    budgetMs,
    newUploadId: randomUUID,
    log,
    signal,
  };
}
