import type { JobConfiguration } from '../../shared/contract/agents.ts';
import type { Trigger } from '../sync/run.ts';

/** Runs a job's cycles one after another: at start, then by schedule, and when told to. */
export interface JobLoop {
  readonly active: boolean;
  /** The configuration from the next cycle on. */
  configure(job: JobConfiguration): void;
  /** Starts a cycle now; one that is running is followed by another. */
  syncNow(): void;
  /** Ends after the present cycle, which the agent's signal may cut short. */
  stop(): void;
  /** Resolves when the loop has ended; rejects when a cycle did. */
  readonly ended: Promise<void>;
}

export interface JobLoopOptions {
  readonly job: JobConfiguration;
  readonly cycle: (job: JobConfiguration, trigger: Trigger) => Promise<void>;
  /** Begins what is done between two cycles. It is not waited for: after the signal it changes nothing any more. */
  readonly idle: (job: JobConfiguration, signal: AbortSignal) => void;
  readonly random: () => number;
  /** Whether cycles go on while the job is paused; they look and no more. */
  readonly isWatched: () => boolean;
  /** One cycle and no more. */
  readonly once: boolean;
}

/** Jitter, as part of the interval: a fleet that started together must not sync together for ever. */
const JITTER = 0.1;

export function startJobLoop(options: JobLoopOptions): JobLoop {
  let { job } = options;
  const state = { active: false, stopped: false, hurried: false, asked: false };
  const isStopped = () => options.once || state.stopped;
  const isHurried = () => state.hurried;
  const nextTrigger = (): Trigger => (state.asked ? 'command' : 'schedule');
  let wake: (() => void) | undefined;

  const wait = () =>
    new Promise<void>((resolve) => {
      const waitMs = job.scheduleSeconds * 1000 * (1 + JITTER * (options.random() - 0.5));
      const timer = setTimeout(() => wake?.(), waitMs);
      wake = () => {
        clearTimeout(timer);
        wake = undefined;
        resolve();
      };
    });
  const rest = async () => {
    const over = new AbortController();
    if (isAllowed()) options.idle(job, over.signal);
    await wait();
    over.abort(new Error('the next cycle begins'));
  };
  const hurry = () => {
    state.hurried = true;
    wake?.();
  };
  const isAllowed = () => job.enabled && job.pausedReason === null;
  const mayLook = () => job.enabled && (job.pausedReason === null || options.isWatched());
  const loop = async () => {
    let trigger: Trigger = 'start';
    for (;;) {
      state.asked = false;
      state.hurried = false;
      if (mayLook()) {
        state.active = true;
        await options.cycle(job, trigger).finally(() => (state.active = false));
      }
      if (isStopped()) return;
      if (!isHurried()) await rest();
      if (isStopped()) return;
      trigger = nextTrigger();
    }
  };
  return {
    get active() {
      return state.active;
    },
    configure: (next) => {
      const before = job;
      const wasAllowed = isAllowed();
      job = next;
      const isNewWork = (!wasAllowed && isAllowed()) || scopeOf(before) !== scopeOf(next);
      // The guard is to hear of each change of a pause.
      if (
        isNewWork ||
        before.pausedReason !== next.pausedReason ||
        next.scheduleSeconds < before.scheduleSeconds
      )
        hurry();
    },
    syncNow: () => {
      state.asked = true;
      hurry();
    },
    stop: () => {
      state.stopped = true;
      hurry();
    },
    ended: loop(),
  };
}

/** What a job archives, and where to: a change of it is not left waiting for the schedule. */
function scopeOf(job: JobConfiguration): string {
  return JSON.stringify([job.sourcePath, job.shareName, job.sharePath, job.include, job.exclude]);
}
