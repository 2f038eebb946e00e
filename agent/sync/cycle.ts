import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Client } from '../../shared/client/index.ts';
import type { JobConfiguration } from '../../shared/contract/agents.ts';
import { foldPath } from '../../shared/domain/paths.ts';
import { relativePathFault } from '../../shared/domain/relativePath.ts';
import { type Guard, guardOf } from '../breaker/guard.ts';
import { GUARD_FILE, openGuardState } from '../breaker/guardState.ts';
import { knownFiles, SOURCE_MARK, sourceNow } from '../breaker/look.ts';
import { indexFolder, indexScope, openLocalIndex } from '../index/localIndex.ts';
import type { Journal } from '../journal/journal.ts';
import type { AgentLog } from '../logging/log.ts';
import { type Unsealing, unsealingOf, writtenFolders } from '../seals/unsealing.ts';
import { compareWithServer, type Run } from '../server/compare.ts';
import { isServerAway, serverFaultText } from '../server/serverFault.ts';
import type { Share } from '../share/openShare.ts';
import { pathFilter } from '../source/globs.ts';
import { type ScanSource, SourceMissingError } from '../source/scan.ts';
import type { OpenSourceFile } from '../source/sourceFile.ts';
import { archiveCandidates } from './archiveCandidates.ts';
import type { Candidate } from './archiveFile.ts';
import { excludedVerdicts, unreadableVerdicts } from './excluded.ts';
import type { StartFileHash } from './fileHash.ts';
import { gaugesOf, type SourceGauges } from './gauges.ts';
import { lostSince } from './gone.ts';
import type { InFlight } from './inFlight.ts';
import { type Knowledge, openKnowledge } from './knowledge.ts';
import { candidatesOf, neededByIndex, neededByServer, type NeedRule } from './needed.ts';
import { notePending } from './notePending.ts';
import type { QuietWatch } from './quiet.ts';
import type { RangeBuffers } from './rangeBuffers.ts';
import { createReporter, journalOnly, type Reporter } from './report.ts';
import { type BegunRun, beginOrResume, type Trigger } from './run.ts';
import { backlogOf, settleSurvey } from './settle.ts';
import { type Survey, surveySource } from './survey.ts';
import type { UploadRate } from './uploadRate.ts';
import type { UploadTurns } from './uploadTurns.ts';

export interface CycleDependencies {
  readonly client: Client;
  readonly journal: Journal;
  readonly log: AgentLog;
  readonly stateFolder: string;
  readonly openSource: OpenSourceFile;
  readonly startFileHash: StartFileHash;
  /** Of the uploads of all jobs. */
  readonly buffers: RangeBuffers;
  readonly scan: ScanSource;
  readonly openShare: (shareName: string) => Promise<Share>;
  readonly quiet: QuietWatch;
  readonly inFlight: InFlight;
  /** The uploads of all jobs. */
  readonly turns: UploadTurns;
  readonly uploads: UploadRate;
  readonly concurrency: number;
  readonly budgetMs: (sizeBytes: number) => number;
  readonly now: () => number;
  readonly monotonicMs: () => number;
  readonly measured: (gauges: SourceGauges) => void;
  /** The agent is stopping. */
  readonly signal: AbortSignal;
}

/**
 * One cycle of a job: scan, begin, compare, upload, complete. Nothing to do is a run too, so that a quiet job is told
 * from a dead one. With the server away the agent decides from its own index and journals; a source that cannot be
 * trusted pauses the job, and nothing is concluded from it. Rejects when the run cannot go on at all.
 */
export async function runCycle(
  job: JobConfiguration,
  trigger: Trigger,
  dependencies: CycleDependencies,
): Promise<void> {
  const { knowledge, guard } = openJob(job, dependencies);
  guard.acceptIfResumed(job);
  if (guard.isTripped && !(await isWellAgain(job, knowledge, guard, dependencies))) return;
  if (job.pausedReason !== null) return;
  const [survey, run] = await Promise.all([
    surveyOrMissing(job, knowledge, dependencies),
    beginOrResume(job.jobId, trigger, { ...dependencies, newCorrelationId: randomUUID }),
  ]);
  const reporter = reporterFor(job, trigger, run, knowledge, dependencies);
  const now = sourceNow(survey, knowledge, job.sourcePath);
  const trip = guard.judge(knownFiles(knowledge), now);
  if (trip !== undefined || survey instanceof SourceMissingError) {
    const error = trip?.reason ?? (survey instanceof Error ? survey.message : '');
    dependencies.log.error({ jobId: job.jobId }, error);
    await endRun(job.jobId, reporter, { filesExamined: 0, error }, dependencies);
    await guard.report();
    return;
  }
  await syncAndSettle({ job, run, survey, knowledge, reporter }, dependencies);
  guard.settled(now);
}

function openJob(
  job: JobConfiguration,
  { stateFolder, client, log }: CycleDependencies,
): { knowledge: Knowledge; guard: Guard } {
  const { jobId } = job;
  const configuration = indexScope(job);
  const index = openLocalIndex({ stateFolder, jobId, configuration });
  const store = openGuardState(join(indexFolder(stateFolder, jobId), GUARD_FILE), configuration);
  return { knowledge: openKnowledge(index), guard: guardOf({ store, client, jobId, log }) };
}

/** While the guard keeps a job paused, each cycle only looks; true: the pause has ended. */
async function isWellAgain(
  job: JobConfiguration,
  knowledge: Knowledge,
  guard: Guard,
  dependencies: CycleDependencies,
): Promise<boolean> {
  const survey = await surveyOrMissing(job, knowledge, dependencies);
  const now = sourceNow(survey, knowledge, job.sourcePath);
  if (guard.judge(knownFiles(knowledge), now) === undefined) return guard.release();
  await guard.report();
  return false;
}

/** Archives what the survey found to be needed, ends the run, and writes down what is known from now on. */
async function syncAndSettle(cycle: Cycle, dependencies: CycleDependencies): Promise<void> {
  const { job, run, survey, knowledge, reporter } = cycle;
  const { log } = dependencies;
  const unsealing = unsealingOf({ ...dependencies, jobId: job.jobId });
  takeSeals(cycle, unsealing);
  const { error, openPaths, unfinishedPaths, undecidedPaths } = await syncSurvey(
    cycle,
    unsealing,
    dependencies,
  );
  await endRun(job.jobId, reporter, { filesExamined: survey.fileCount, error }, dependencies);
  if (run !== undefined) await unsealing.ask();
  dependencies.quiet.keepOnly(openPaths);
  const backlog = settleSurvey(survey, knowledge, {
    isOpen: ({ path }) => openPaths.has(path),
    // Of those that were not even opened, by their times.
    isUnfinished: (file) => unfinishedPaths.has(file.path) || !dependencies.quiet.isQuiet(file),
    isUndecided: (path) => undecidedPaths.has(path),
  });
  dependencies.measured(gaugesOf(job, survey, backlog));
  const { runId, correlationId } = run ?? {};
  log.info(
    { jobId: job.jobId, runId, correlationId, files: survey.fileCount, backlog: backlog.count, error },
    'Cycle ended',
  );
}

/** Takes over which folders are sealed; of those that no longer are, every file is looked at in this very cycle. */
function takeSeals({ run, survey, knowledge }: Cycle, unsealing: Unsealing): void {
  if (run === undefined) return;
  knowledge.setSealed(run.sealedFolders.filter((folder) => !unsealing.isWanted(folder)));
  for (const folder of [...survey.sealed]) if (!knowledge.sealed.has(foldPath(folder))) survey.detail(folder);
}

async function surveyOrMissing(
  job: JobConfiguration,
  knowledge: Knowledge,
  { scan, now }: CycleDependencies,
): Promise<Survey | SourceMissingError> {
  const isIncluded = pathFilter(job.include, job.exclude);
  const belongs = (path: string) => path !== SOURCE_MARK && isIncluded(path);
  try {
    return await surveySource({ job, knowledge, scan, belongs, nowMs: now() });
  } catch (error) {
    if (error instanceof SourceMissingError) return error;
    throw error;
  }
}

function reporterFor(
  job: JobConfiguration,
  trigger: Trigger,
  run: Run | undefined,
  knowledge: Knowledge,
  dependencies: CycleDependencies,
): Reporter {
  const { client, journal, log } = dependencies;
  const { jobId } = job;
  if (run === undefined) return journalOnly(journal, jobId);
  const beginAgain = async () =>
    (await beginOrResume(jobId, trigger, { ...dependencies, newCorrelationId: randomUUID })) ?? run;
  return createReporter({ client, jobId, run, journal, knowledge, log, beginAgain });
}

async function endRun(
  jobId: string,
  reporter: Reporter,
  closing: { filesExamined: number; error: string | null },
  { journal, log }: CycleDependencies,
): Promise<void> {
  if (await reporter.close(closing)) await journal.note({ kind: 'run-closed', jobId });
  else log.warn({ jobId }, 'The run stays open until the server answers');
}

/** What one cycle works on. */
export interface Cycle {
  readonly job: JobConfiguration;
  readonly run: BegunRun | undefined;
  readonly survey: Survey;
  readonly knowledge: Knowledge;
  readonly reporter: Reporter;
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
async function syncSurvey(
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
  const nextLookMs = dependencies.quiet.quietMs + job.scheduleSeconds * 1000;
  const candidates = candidatesOf(survey, knowledge, await needRule(cycle, dependencies), nextLookMs);
  await unsealWritten(candidates, knowledge, unsealing);
  const openPaths = new Set(candidates.map(({ file }) => file.path));
  const unfinishedPaths = new Set<string>();
  const undecidedPaths = new Set<string>();
  dependencies.measured(gaugesOf(job, survey, backlogOf(candidates.map(({ file }) => file))));
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

async function needRule(
  { job, run, survey }: Cycle,
  { client, journal, log }: CycleDependencies,
): Promise<NeedRule> {
  const alone = () =>
    neededByIndex([...journal.contents.results.values()].filter(({ jobId }) => jobId === job.jobId));
  if (run === undefined) return alone();
  try {
    // The server refuses a folder that no path may name, and with it all others: nothing of it can be archived anyway.
    const digests = [...survey.digests]
      .filter(([folder]) => folder === '' || relativePathFault(folder) === undefined)
      .map(([folder, digest]) => ({ folder, digest }));
    const { needed } = await compareWithServer(client, run, digests, (folder) => manifestOf(survey, folder));
    return neededByServer(needed);
  } catch (error) {
    if (!isServerAway(error)) throw error;
    log.warn({ jobId: job.jobId }, `The agent compares by itself: ${serverFaultText(error)}`);
    return alone();
  }
}

function manifestOf(survey: Survey, folder: string) {
  const manifest = survey.manifest(folder);
  if (manifest === undefined) return undefined;
  const files = manifest.files.map(({ path, sizeBytes, mtimeMs }) => ({ path, sizeBytes, mtimeMs }));
  return { digest: manifest.digest, files };
}
