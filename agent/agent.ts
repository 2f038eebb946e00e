import { mkdirSync } from 'node:fs';
import type { Configuration } from './configuration/configuration.ts';
import type { AgentLog } from './logging/log.ts';
import { type AgentParts, enrolWith, heartbeatOf, openParts } from './parts.ts';
import { createJobs, type Jobs } from './schedule/jobs.ts';
import type { Heartbeat } from './server/heartbeat.ts';
import { scanHere, type ScanSource } from './source/scan.ts';
import { openSourceFile, type OpenSourceFile } from './source/sourceFile.ts';
import { lockStateFolder } from './state/lock.ts';
import { type CycleDependencies, runCycle } from './sync/cycle.ts';

export interface AgentOptions {
  readonly configuration: Configuration;
  readonly once: boolean;
  readonly log: AgentLog;
  /** Stops the agent cleanly. */
  readonly signal: AbortSignal;
  /** Reads source files; another one only in tests. */
  readonly openSource?: OpenSourceFile;
  /** Scans a source; in this thread unless given. */
  readonly scan?: ScanSource;
}

/** How long a stop waits for cycles to let go, and for the last heartbeat. */
const STOP_MS = 3000;
const LAST_BEAT_MS = 1500;
/**
 * Runs the agent until it is stopped, or with `once` until each job had one cycle. Rejects with `AgentEnd` when it
 * must not go on (superseded, cloned, rejected, state in use).
 */
export async function runAgent(options: AgentOptions): Promise<void> {
  const { configuration, log } = options;
  mkdirSync(configuration.state, { recursive: true, mode: 0o700 });
  const lock = await lockStateFolder(configuration.state);
  try {
    await runLocked(options);
  } finally {
    await lock.release();
    log.info('The agent has stopped');
  }
}

async function runLocked(options: AgentOptions): Promise<void> {
  const { signal, once } = options;
  const stop = new AbortController();
  const running = AbortSignal.any([signal, stop.signal]);
  const parts = openParts(options.configuration, options.log, running);
  const jobs = createJobs({
    once,
    log: parts.log,
    quietMs: options.configuration.quietSeconds * 1000,
    cycle: (job, trigger, own) => runCycle(job, trigger, { ...cycleDependencies(parts, options), ...own }),
    askConfiguration: parts.soon,
  });
  const heartbeat = heartbeatOf(parts, jobs);
  parts.onSoon(() => heartbeat.soon());
  try {
    if (parts.identity.current.runnerId === null) await enrolWith(parts);
    jobs.configure(parts.identity.current.jobs);
    await untilStopped({ heartbeat, jobs, running, once });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    stop.abort(new Error('the agent is stopping'));
    await Promise.race([jobs.stop(), pauseMs(STOP_MS)]);
    if (parts.identity.current.runnerId !== null) await heartbeat.last(AbortSignal.timeout(LAST_BEAT_MS));
    await parts.journal.close();
  }
}

function cycleDependencies(
  parts: AgentParts,
  { openSource, scan }: AgentOptions,
): Omit<CycleDependencies, 'quiet' | 'measured'> {
  const { configuration, running: signal, ...rest } = parts;
  const { concurrency, fileBudgetSeconds, slowestBytesPerSecond } = configuration;
  return {
    ...rest,
    signal,
    concurrency,
    stateFolder: configuration.state,
    openSource: openSource ?? openSourceFile,
    scan: scan ?? scanHere,
    budgetMs: (sizeBytes) => Math.ceil((fileBudgetSeconds + sizeBytes / slowestBytesPerSecond) * 1000),
    monotonicMs: () => performance.now(),
  };
}

async function untilStopped(parts: {
  heartbeat: Heartbeat;
  jobs: Jobs;
  running: AbortSignal;
  once: boolean;
}): Promise<void> {
  const beating = parts.heartbeat.run(parts.running);
  await (parts.once
    ? Promise.race([beating, parts.jobs.allDone()])
    : Promise.race([beating, parts.jobs.failed()]));
}

function pauseMs(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds).unref());
}
