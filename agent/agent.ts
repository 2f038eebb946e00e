import { join } from 'node:path';
import { isGuardTripped } from './breaker/guardState.ts';
import type { Configuration } from './configuration/configuration.ts';
import { AgentEnd, exitCodes } from './exitCodes.ts';
import type { ProcessLog } from './logging/log.ts';
import { type LogFiles, openLogFiles } from './logging/logFiles.ts';
import { createShipper, type Shipper } from './logging/shipping/shipper.ts';
import { type AgentParts, enrolWith, heartbeatOf, openParts } from './parts.ts';
import { createJobs, type Jobs } from './schedule/jobs.ts';
import type { Heartbeat } from './server/heartbeat.ts';
import { scanHere, type ScanSource } from './source/scan.ts';
import { openSourceFile, type OpenSourceFile } from './source/sourceFile.ts';
import { lockStateFolder, type StateLock } from './state/lock.ts';
import { makeFolder } from './state/makeFolder.ts';
import { runCycle } from './sync/cycle.ts';
import type { CycleDependencies } from './sync/cycleParts.ts';
import { hashHere, type StartFileHash } from './sync/fileHash.ts';
import { rangeBuffers } from './sync/rangeBuffers.ts';
import { recheckJob } from './sync/recheck.ts';
import { uploadTurns } from './sync/uploadTurns.ts';

export interface AgentOptions {
  readonly configuration: Configuration;
  readonly once: boolean;
  readonly log: ProcessLog;
  /** Stops the agent cleanly. */
  readonly signal: AbortSignal;
  /** Reads source files; another one only in tests. */
  readonly openSource?: OpenSourceFile;
  /** Hashes large files; in this thread unless given. */
  readonly startFileHash?: StartFileHash;
  /** Scans a source; in this thread unless given. */
  readonly scan?: ScanSource;
}

/** What uploads hold of memory, in all jobs together: six ranges of 4 MiB, or as many smaller files. */
const UPLOAD_MEMORY_BYTES = 24 * 1024 * 1024;
/** How long a stop waits for cycles to let go, and for the last heartbeat. */
const STOP_MS = 3000;
const LAST_BEAT_MS = 1500;
/**
 * Runs the agent until it is stopped, or with `once` until each job had one cycle. Rejects with `AgentEnd` when it
 * must not go on (superseded, cloned, rejected, state in use).
 */
export async function runAgent(options: AgentOptions): Promise<void> {
  const { configuration, log } = options;
  let lock: StateLock | undefined;
  let files: LogFiles | undefined;
  try {
    makeStateFolder(configuration.state);
    lock = await lockStateFolder(configuration.state);
    files = openLogFiles({ folder: logFolderOf(configuration), now: () => new Date() });
    log.keepIn(files.write);
    await runLocked(options);
  } catch (error) {
    sayWhyItEnds(log, error);
    throw error;
  } finally {
    log.info('The agent has stopped');
    log.keepIn(undefined);
    files?.close();
    await lock?.release();
  }
}

function makeStateFolder(folder: string): void {
  try {
    makeFolder(folder, 0o700);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AgentEnd(exitCodes.badConfiguration, `the state folder cannot be had: ${why}`, { cause });
  }
}

/** Here and not in who waits for it: the agent's own file is to say it too. */
function sayWhyItEnds(log: ProcessLog, error: unknown): void {
  if (error instanceof AgentEnd) log.error({ exitCode: error.exitCode }, error.message);
  else
    log.error(
      { error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
      'The agent failed',
    );
}

function logFolderOf({ state }: Pick<Configuration, 'state'>): string {
  return join(state, 'logs');
}

async function runLocked(options: AgentOptions): Promise<void> {
  const { signal, once } = options;
  const stop = new AbortController();
  const running = AbortSignal.any([signal, stop.signal]);
  const parts = openParts(options.configuration, options.log, running);
  const shared = {
    turns: uploadTurns(options.configuration.concurrency),
    buffers: rangeBuffers(UPLOAD_MEMORY_BYTES),
  };
  const jobs = createJobs({
    once,
    log: parts.log,
    quietMs: options.configuration.quietSeconds * 1000,
    cycle: (job, trigger, own) =>
      runCycle(job, trigger, { ...cycleDependencies(parts, options), ...shared, ...own }),
    idle: (job, idle) =>
      recheckJob(job, { ...cycleDependencies(parts, options), signal: AbortSignal.any([running, idle]) }),
    askConfiguration: parts.soon,
    isWatched: (jobId) => isGuardTripped(options.configuration.state, jobId),
  });
  const heartbeat = heartbeatOf(parts, jobs);
  parts.onSoon(() => heartbeat.soon());
  const shipper = shipperOf(parts);
  let shipping = Promise.resolve();
  const enrolAndBeat = async () => {
    if (parts.identity.current.runnerId === null) await enrolWith(parts);
    shipping = shipper.run(running);
    await heartbeat.run(running);
  };
  try {
    // Until the server has answered, none known does not mean none. What is known is done also while a rebuilt server's
    // operator lets the agent wait: the instrument does not.
    if (parts.identity.current.jobs.length > 0) jobs.configure(parts.identity.current.jobs);
    await untilStopped({ beating: enrolAndBeat(), jobs, once });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    stop.abort(new Error('the agent is stopping'));
    await Promise.race([jobs.stop(), pauseMs(STOP_MS)]);
    await shipping;
    if (parts.identity.current.runnerId !== null) await sayLastWords(heartbeat, shipper);
    await parts.journal.close();
  }
}

function shipperOf({ configuration, client, log }: AgentParts): Shipper {
  return createShipper({ folder: logFolderOf(configuration), client, log, random: Math.random });
}

async function sayLastWords(heartbeat: Heartbeat, shipper: Shipper): Promise<void> {
  const signal = AbortSignal.timeout(LAST_BEAT_MS);
  await Promise.all([heartbeat.last(signal), shipper.last(signal)]);
}

function cycleDependencies(
  parts: AgentParts,
  { openSource, startFileHash, scan }: AgentOptions,
): Omit<CycleDependencies, 'quiet' | 'uploads' | 'turns' | 'buffers' | 'measured'> {
  const { configuration, running: signal, ...rest } = parts;
  const { concurrency, fileBudgetSeconds, slowestBytesPerSecond } = configuration;
  return {
    ...rest,
    signal,
    concurrency,
    stateFolder: configuration.state,
    openSource: openSource ?? openSourceFile,
    startFileHash: startFileHash ?? hashHere,
    scan: scan ?? scanHere,
    budgetMs: (sizeBytes) => Math.ceil((fileBudgetSeconds + sizeBytes / slowestBytesPerSecond) * 1000),
    now: Date.now,
    monotonicMs: () => performance.now(),
  };
}

async function untilStopped(parts: { beating: Promise<void>; jobs: Jobs; once: boolean }): Promise<void> {
  const { beating, jobs, once } = parts;
  await Promise.race([beating, once ? jobs.allDone() : jobs.failed()]);
}

function pauseMs(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds).unref());
}
