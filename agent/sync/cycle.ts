import { randomUUID } from 'node:crypto';
import type { Client } from '../../shared/client/index.ts';
import type { JobConfiguration } from '../../shared/contract/agents.ts';
import { relativePathFault } from '../../shared/domain/relativePath.ts';
import { openLocalIndex } from '../index/localIndex.ts';
import type { Journal } from '../journal/journal.ts';
import type { AgentLog } from '../logging/log.ts';
import { compareWithServer, type Run } from '../server/compare.ts';
import { isServerAway, serverFaultText } from '../server/serverFault.ts';
import type { Share } from '../share/openShare.ts';
import { pathFilter } from '../source/globs.ts';
import { type ScanSource, SourceMissingError } from '../source/scan.ts';
import type { OpenSourceFile } from '../source/sourceFile.ts';
import { archiveCandidates } from './archiveCandidates.ts';
import { excludedVerdicts, unreadableVerdicts } from './excluded.ts';
import { lostSince } from './gone.ts';
import type { InFlight } from './inFlight.ts';
import { type Knowledge, openKnowledge } from './knowledge.ts';
import { candidatesOf, neededByIndex, neededByServer, type NeedRule } from './needed.ts';
import type { QuietWatch } from './quiet.ts';
import { createReporter, journalOnly, type Reporter } from './report.ts';
import { beginOrResume, type Trigger } from './run.ts';
import { type Backlog, backlogOf, settleSurvey } from './settle.ts';
import { type Survey, surveySource } from './survey.ts';
import { isUnfinished } from './verdict.ts';

/** What the heartbeat says of a job's source. */
export interface SourceGauges {
  readonly sourceCount: number;
  readonly sourceBytes: number;
  readonly backlog: Backlog;
}

export interface CycleDependencies {
  readonly client: Client;
  readonly journal: Journal;
  readonly log: AgentLog;
  readonly stateFolder: string;
  readonly openSource: OpenSourceFile;
  readonly scan: ScanSource;
  readonly openShare: (shareName: string) => Promise<Share>;
  readonly quiet: QuietWatch;
  readonly inFlight: InFlight;
  readonly concurrency: number;
  readonly budgetMs: (sizeBytes: number) => number;
  readonly monotonicMs: () => number;
  readonly measured: (gauges: SourceGauges) => void;
  /** The agent is stopping. */
  readonly signal: AbortSignal;
}

/**
 * One cycle of a job: scan, begin, compare, upload, complete. Nothing to do is a run too, so that a quiet job is told
 * from a dead one. With the server away the agent decides from its own index and journals; a missing source is
 * reported and nothing is concluded from it. Rejects when the run cannot go on at all.
 */
export async function runCycle(
  job: JobConfiguration,
  trigger: Trigger,
  dependencies: CycleDependencies,
): Promise<void> {
  const { log, stateFolder } = dependencies;
  const configuration = JSON.stringify([job.sourcePath, job.sharePath, job.include, job.exclude]);
  const knowledge = openKnowledge(openLocalIndex({ stateFolder, jobId: job.jobId, configuration }));
  const [survey, run] = await Promise.all([
    surveyOrMissing(job, knowledge, dependencies.scan),
    beginOrResume(job.jobId, trigger, { ...dependencies, newCorrelationId: randomUUID }),
  ]);
  const reporter = reporterFor(job, trigger, run, knowledge, dependencies);
  if (survey instanceof SourceMissingError) {
    log.error({ jobId: job.jobId }, survey.message);
    await endRun(job.jobId, reporter, { filesExamined: 0, error: survey.message }, dependencies);
    return;
  }
  const cycle = { job, run, survey, knowledge, reporter };
  const { error, openPaths } = await syncSurvey(cycle, dependencies);
  await endRun(job.jobId, reporter, { filesExamined: survey.fileCount, error }, dependencies);
  dependencies.quiet.keepOnly(openPaths);
  const unfinished = unfinishedInJournal(dependencies.journal, job.jobId);
  const backlog = settleSurvey(survey, knowledge, {
    isOpen: ({ path }) => openPaths.has(path),
    isUnfinished: ({ path }) => unfinished.has(path),
  });
  measure(survey, backlog, dependencies);
  log.info(
    { jobId: job.jobId, runId: run?.runId, files: survey.fileCount, backlog: backlog.count, error },
    'Cycle ended',
  );
}

/** What the server has acknowledged is in the index; with the server away it waits in the journal. */
function unfinishedInJournal(journal: Journal, jobId: string): Set<string> {
  const results = [...journal.contents.results.values()].filter((one) => one.jobId === jobId);
  const latest = new Map(results.map(({ result }) => [result.path, result]));
  return new Set([...latest.values()].filter(isUnfinished).map(({ path }) => path));
}

async function surveyOrMissing(
  job: JobConfiguration,
  knowledge: Knowledge,
  scan: ScanSource,
): Promise<Survey | SourceMissingError> {
  try {
    return await surveySource({ job, knowledge, scan, belongs: pathFilter(job.include, job.exclude) });
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
  readonly run: Run | undefined;
  readonly survey: Survey;
  readonly knowledge: Knowledge;
  readonly reporter: Reporter;
}

/** Archives what is needed; returns why it ended early, if it did, and the paths that are still not archived. */
async function syncSurvey(
  cycle: Cycle,
  dependencies: CycleDependencies,
): Promise<{ error: string | null; openPaths: Set<string> }> {
  const { survey, knowledge, reporter } = cycle;
  // What an earlier cycle could not report goes first, so that the comparison knows it.
  await reporter.send();
  const lost = lostSince(survey, knowledge);
  if (hasNews(survey, knowledge)) prepareShare(cycle.job.shareName, dependencies);
  const candidates = candidatesOf(survey, knowledge, await needRule(cycle, dependencies));
  const openPaths = new Set(candidates.map(({ file }) => file.path));
  measure(survey, backlogOf(candidates.map(({ file }) => file)), dependencies);
  for (const verdict of [...excludedVerdicts(survey, knowledge), ...unreadableVerdicts(survey)])
    await reporter.add(verdict);
  if (candidates.length === 0 && lost.length === 0) return { error: null, openPaths };
  const error = await archiveCandidates(cycle, { candidates, lost, openPaths }, dependencies);
  return { error, openPaths };
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
  const detail = survey.detail(folder);
  if (detail === undefined) return undefined;
  const files = detail.files.map(({ path, sizeBytes, mtimeMs }) => ({ path, sizeBytes, mtimeMs }));
  return { digest: detail.digest, files };
}

function measure(survey: Survey, backlog: Backlog, { measured }: CycleDependencies): void {
  measured({ sourceCount: survey.fileCount, sourceBytes: survey.sizeBytes, backlog });
}
