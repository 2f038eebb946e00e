import type { JobConfiguration } from '../../shared/contract/agents.ts';
import { AgentEnd, exitCodes } from '../exitCodes.ts';
import type { AgentLog } from '../logging/log.ts';
import type { JobGauges } from '../server/heartbeat.ts';
import { endIfTold, isProblem, serverFaultText } from '../server/serverFault.ts';
import type { CycleDependencies } from '../sync/cycleParts.ts';
import type { SourceGauges } from '../sync/gauges.ts';
import { type QuietWatch, watchQuiet } from '../sync/quiet.ts';
import type { Trigger } from '../sync/run.ts';
import { measureUploads, type UploadRate } from '../sync/uploadRate.ts';
import { type JobLoop, startJobLoop } from './jobLoop.ts';

/** The part of a cycle's dependencies that belongs to its job. */
export type OwnDependencies = Pick<CycleDependencies, 'quiet' | 'uploads' | 'measured'>;

/** All jobs of the agent, each in a loop of its own. */
export interface Jobs {
  /** Takes over what the server configured; loops start, change and end accordingly. */
  configure(configured: readonly JobConfiguration[]): void;
  /** Null: every job. */
  syncNow(jobId: string | null): void;
  activeIds(): string[];
  gauges(): JobGauges[];
  /** Resolves when each job had its one cycle; rejects with `AgentEnd` when the server has none. */
  allDone(): Promise<void>;
  /** Never resolves; rejects when a job has to end the agent. */
  failed(): Promise<never>;
  stop(): Promise<void>;
}

export interface JobsOptions {
  readonly cycle: (job: JobConfiguration, trigger: Trigger, own: OwnDependencies) => Promise<void>;
  /** What is done for a job between its cycles, until the signal: then it resolves, done or not. */
  readonly idle: (job: JobConfiguration, signal: AbortSignal) => Promise<void>;
  readonly askConfiguration: () => void;
  /** Whether a paused job is looked at all the same: the guard paused it, and ends that when its source is well again. */
  readonly isWatched: (jobId: string) => boolean;
  readonly quietMs: number;
  readonly once: boolean;
  readonly log: AgentLog;
}

interface Entry {
  job: JobConfiguration;
  readonly loop: JobLoop;
  readonly quiet: QuietWatch;
  readonly uploads: UploadRate;
  gauges: SourceGauges | undefined;
  /** When the cycle began that they are of, on the monotonic clock: the source was looked at then. */
  gaugesSinceMs: number;
}

const NO_JOB =
  'the server has no job for this agent; wanted: one added on the dashboard, or proposed with --source when the agent enrols';

export function createJobs(options: JobsOptions): Jobs {
  const { log } = options;
  const entries = new Map<string, Entry>();
  const failure = Promise.withResolvers<never>();
  const configured = Promise.withResolvers<undefined>();
  // Whoever waits hears of it; without a waiter it must not end the process as unhandled.
  failure.promise.catch(() => undefined);
  configured.promise.catch(() => undefined);

  const guarded = async (job: JobConfiguration, trigger: Trigger, own: OwnDependencies) => {
    try {
      await options.cycle(job, trigger, own);
    } catch (error) {
      endIfTold(error);
      if (error instanceof AgentEnd) throw error;
      if (isProblem(error, 'job-paused') || isProblem(error, 'not-found')) options.askConfiguration();
      log.error({ jobId: job.jobId, error: errorText(error) }, `The cycle failed: ${serverFaultText(error)}`);
    }
  };
  const idle = (job: JobConfiguration, signal: AbortSignal) => {
    options.idle(job, signal).catch((error: unknown) => {
      log.warn({ jobId: job.jobId, error: errorText(error) }, 'Work between cycles failed');
    });
  };
  const start = (job: JobConfiguration) => {
    const quiet = watchQuiet({
      quietMs: options.quietMs,
      now: Date.now,
      monotonicMs: () => performance.now(),
    });
    const uploads = measureUploads(() => performance.now());
    let beganMs = performance.now();
    const own = {
      quiet,
      uploads,
      measured: (gauges: SourceGauges) => {
        const entry = entries.get(job.jobId);
        if (entry !== undefined) Object.assign(entry, { gauges, gaugesSinceMs: beganMs });
      },
    };
    const loop = startJobLoop({
      job,
      once: options.once,
      idle,
      random: Math.random,
      isWatched: () => options.isWatched(job.jobId),
      cycle: (current, trigger) => {
        beganMs = performance.now();
        return guarded(current, trigger, own);
      },
    });
    loop.ended.catch((error: unknown) => failure.reject(error));
    entries.set(job.jobId, { job, loop, quiet, uploads, gauges: undefined, gaugesSinceMs: beganMs });
  };
  return {
    configure: (jobs) => {
      const wanted = new Set(jobs.map(({ jobId }) => jobId));
      for (const [jobId, { loop }] of entries)
        if (!wanted.has(jobId)) {
          loop.stop();
          entries.delete(jobId);
        }
      for (const job of jobs) {
        const entry = entries.get(job.jobId);
        if (entry === undefined) start(job);
        else {
          entry.job = job;
          entry.loop.configure(job);
        }
      }
      if (jobs.length > 0) configured.resolve(undefined);
      else configured.reject(new AgentEnd(exitCodes.noJob, NO_JOB));
    },
    syncNow: (jobId) => {
      for (const [id, { loop }] of entries) if (jobId === null || jobId === id) loop.syncNow();
    },
    activeIds: () => [...entries].filter(([, { loop }]) => loop.active).map(([jobId]) => jobId),
    gauges: () => [...entries.values()].map(gaugesOf),
    allDone: async () => {
      await configured.promise;
      await Promise.all([...entries.values()].map(({ loop }) => loop.ended));
    },
    failed: () => failure.promise,
    stop: async () => {
      for (const { loop } of entries.values()) loop.stop();
      await Promise.allSettled([...entries.values()].map(({ loop }) => loop.ended));
    },
  };
}

function gaugesOf({ job, gauges, gaugesSinceMs, uploads }: Entry): JobGauges {
  const rates = uploads.rates();
  return {
    jobId: job.jobId,
    configVersion: job.configVersion,
    sourceCount: gauges?.sourceCount ?? 0,
    sourceBytes: gauges?.sourceBytes ?? 0,
    sourceCap: job.sourceCap,
    backlogCount: gauges?.backlog.count ?? 0,
    backlogBytes: gauges?.backlog.sizeBytes ?? 0,
    oldestUnsyncedMs: gauges?.backlog.oldestMs ?? null,
    ...(gauges === undefined ? {} : forecastGauges(gauges, gaugesSinceMs)),
    uploadBytesPerSecond: rates.bytesPerSecond,
    uploadFilesPerHour: rates.filesPerHour,
  };
}

/** What the server reckons the purge from; left out until the source was looked at. */
function forecastGauges(gauges: SourceGauges, sinceMs: number) {
  const { sourceCount, countedByInstrument, purgeAhead, production } = gauges;
  return {
    ...(countedByInstrument === null || countedByInstrument === sourceCount ? {} : { countedByInstrument }),
    purgeAhead,
    measuredSecondsAgo: Math.max(0, Math.round((performance.now() - sinceMs) / 1000)),
    producedLastHour: production.lastHour,
    producedLastDay: production.lastDay,
    producedPeakHour: production.peakHour,
  };
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
