import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { JobConfiguration } from '../../shared/contract/agents.ts';
import { type Guard, guardOf } from '../breaker/guard.ts';
import { GUARD_FILE, openGuardState } from '../breaker/guardState.ts';
import { knownFiles, SOURCE_MARK, sourceNow } from '../breaker/look.ts';
import { indexScope } from '../index/indexScope.ts';
import { indexFolder, openLocalIndex } from '../index/localIndex.ts';
import { unsealingOf } from '../seals/unsealing.ts';
import type { Run } from '../server/compare.ts';
import { pathFilter } from '../source/globs.ts';
import { SourceMissingError } from '../source/scan.ts';
import type { Cycle, CycleDependencies } from './cycleParts.ts';
import { gaugesOf } from './gauges.ts';
import { type Knowledge, openKnowledge } from './knowledge.ts';
import { createReporter, journalOnly, type Reporter } from './report.ts';
import { beginOrResume, type Trigger } from './run.ts';
import { settleSurvey } from './settle.ts';
import { type Survey, surveySource } from './survey.ts';
import { syncSurvey, takeSeals } from './syncSurvey.ts';

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
  guard.hear(job);
  const watched = { job, trigger, knowledge, guard };
  if (guard.isTripped && !(await isWellAgain(watched, dependencies))) return;
  if (job.pausedReason !== null) return;
  const [survey, run] = await Promise.all([
    surveyOrMissing(job, knowledge, dependencies),
    begin(job.jobId, trigger, dependencies),
  ]);
  const reporter = reporterFor(job, trigger, run, knowledge, dependencies);
  const now = sourceNow(survey, knowledge, job.sourcePath);
  const trip = guard.judge(knownFiles(knowledge), now);
  if (trip !== undefined || survey instanceof SourceMissingError) {
    const error = trip?.reason ?? (survey instanceof Error ? survey.message : '');
    dependencies.log.error({ jobId: job.jobId }, error);
    await endRun(job.jobId, reporter, { filesExamined: 0, error }, dependencies);
    await tellOfPause(watched, dependencies);
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

/** A job and what its guard holds it against. */
interface Watched {
  readonly job: JobConfiguration;
  readonly trigger: Trigger;
  readonly knowledge: Knowledge;
  readonly guard: Guard;
}

/** While the guard keeps a job paused, each cycle only looks; true: the pause has ended. */
async function isWellAgain(watched: Watched, dependencies: CycleDependencies): Promise<boolean> {
  const { job, knowledge, guard } = watched;
  const survey = await surveyOrMissing(job, knowledge, dependencies);
  const now = sourceNow(survey, knowledge, job.sourcePath);
  if (guard.judge(knownFiles(knowledge), now) === undefined) return guard.release();
  await tellOfPause(watched, dependencies);
  return false;
}

/** Tells the server of the pause. Results that wait since it was away go first: a paused job can begin no run for them. */
async function tellOfPause(watched: Watched, dependencies: CycleDependencies): Promise<void> {
  const { job, trigger, knowledge, guard } = watched;
  const { jobId, pausedReason } = job;
  const error = guard.untold;
  const doWait = dependencies.journal.contents.results.values().some((result) => result.jobId === jobId);
  if (error !== undefined && doWait && pausedReason === null) {
    const run = await begin(jobId, trigger, dependencies);
    // Away again: the next cycle tells of both.
    if (run === undefined) return;
    const reporter = reporterFor(job, trigger, run, knowledge, dependencies);
    await endRun(jobId, reporter, { filesExamined: 0, error }, dependencies);
  }
  await guard.report();
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
  const left = settleSurvey(survey, knowledge, {
    isOpen: ({ path }) => openPaths.has(path),
    // Of those that were not even opened, by their times.
    isUnfinished: (file) => unfinishedPaths.has(file.path) || !dependencies.quiet.isQuiet(file),
    isUndecided: (path) => undecidedPaths.has(path),
  });
  const gauges = gaugesOf(job, survey, left);
  dependencies.measured(gauges);
  const { runId, correlationId } = run ?? {};
  log.info(
    { jobId: job.jobId, runId, correlationId, files: survey.fileCount, backlog: gauges.backlog.count, error },
    'Cycle ended',
  );
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
  const beginAgain = async () => (await begin(jobId, trigger, dependencies)) ?? run;
  return createReporter({ client, jobId, run, journal, knowledge, log, beginAgain });
}

function begin(jobId: string, trigger: Trigger, dependencies: CycleDependencies) {
  return beginOrResume(jobId, trigger, { ...dependencies, newCorrelationId: randomUUID });
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
