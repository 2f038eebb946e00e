import { foldPath } from '../../shared/domain/paths.ts';
import { type Unsealing, writtenFolders } from '../seals/unsealing.ts';
import { archiveCandidates } from './archiveCandidates.ts';
import type { Candidate } from './archiveFile.ts';
import { needRule } from './compareSurvey.ts';
import type { Cycle, CycleDependencies } from './cycleParts.ts';
import { excludedVerdicts, unreadableVerdicts } from './excluded.ts';
import { gaugesOf } from './gauges.ts';
import { lostSince } from './gone.ts';
import type { Knowledge } from './knowledge.ts';
import { candidatesOf } from './needed.ts';
import { notePending } from './notePending.ts';
import type { Survey } from './survey.ts';

/** Takes over which folders are sealed; of those that no longer are, every file is looked at in this very cycle. */
export function takeSeals({ run, survey, knowledge }: Cycle, unsealing: Unsealing): void {
  if (run === undefined) return;
  knowledge.setSealed(run.sealedFolders.filter((folder) => !unsealing.isWanted(folder)));
  for (const folder of [...survey.sealed]) if (!knowledge.sealed.has(foldPath(folder))) survey.detail(folder);
}

interface Synced {
  /** Why it ended early, if it did. */
  readonly error: string | null;
  /** What is still not archived. */
  readonly openPaths: Set<string>;
  /** Of these, what was found still written to. */
  readonly unfinishedPaths: Set<string>;
  /** What is gone, and of which nobody knows yet whether it is lost. */
  readonly undecidedPaths: Set<string>;
}

/** Archives what is needed. */
export async function syncSurvey(
  cycle: Cycle,
  unsealing: Unsealing,
  dependencies: CycleDependencies,
): Promise<Synced> {
  const { job, survey, knowledge, reporter } = cycle;
  // What an earlier cycle could not report goes first, so that the comparison knows it, and this agent's index too.
  await reporter.send();
  await reporter.flush();
  const lost = lostSince(survey, knowledge);
  if (hasNews(survey, knowledge)) prepareShare(job.shareName, dependencies);
  const { quiet, lateWrites } = dependencies;
  const nextLookMs = quiet.quietMs + job.scheduleSeconds * 1000 + lateWrites.leftMs();
  const candidates = candidatesOf(survey, knowledge, await needRule(cycle, dependencies), nextLookMs);
  await unsealWritten(candidates, knowledge, unsealing);
  const waiting = candidates.map(({ file }) => file);
  const openPaths = new Set(waiting.map(({ path }) => path));
  const unfinishedPaths = new Set<string>();
  const undecidedPaths = new Set<string>();
  dependencies.measured(gaugesOf(job, survey, waiting));
  for (const verdict of [...excludedVerdicts(survey, knowledge), ...unreadableVerdicts(survey)])
    await reporter.add(verdict);
  const synced = { openPaths, unfinishedPaths, undecidedPaths };
  if (candidates.length === 0 && lost.length === 0) return { ...synced, error: null };
  notePending(survey, knowledge, candidates, (file) => !dependencies.quiet.isQuiet(file));
  const error = await archiveCandidates(cycle, { ...synced, candidates, lost }, dependencies);
  return { ...synced, error };
}

/** A sealed folder that has something to archive was written to: from now on it counts as unsealed. */
async function unsealWritten(
  candidates: readonly Candidate[],
  knowledge: Knowledge,
  unsealing: Unsealing,
): Promise<void> {
  const written = writtenFolders(candidates, (folder) => knowledge.sealed.has(foldPath(folder)));
  if (written.size === 0) return;
  await unsealing.want(written);
  const gone = new Set([...written.keys()].map(foldPath));
  knowledge.setSealed([...knowledge.sealed].filter((folder) => !gone.has(folder)));
}

/** Whether a file stands there that is not known to be archived. */
function hasNews(survey: Survey, knowledge: Knowledge): boolean {
  for (const { folder, files } of survey.detailed.values()) {
    const segment = knowledge.segment(folder);
    if (files.some(({ name }) => segment.get(name)?.state !== 'archived')) return true;
  }
  return false;
}

/** Loads what uploading needs while the server compares. */
function prepareShare(shareName: string, { openShare }: CycleDependencies): void {
  // Whoever needs the share opens it again and hears of the failure.
  openShare(shareName).catch(() => undefined);
}
