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
  readonly random: () => number;
  /** One cycle and no more. */
  readonly once: boolean;
}

/** Jitter, as part of the interval: a fleet that started together must not sync together for ever. */
const JITTER = 0.1;

export function startJobLoop(options: JobLoopOptions): JobLoop {
  let { job } = options;
  const state = { active: false, stopped: false, asked: false };
  const isStopped = () => options.once || state.stopped;
  const isAsked = () => state.asked;
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
  const isAllowed = () => job.enabled && job.pausedReason === null;
  const loop = async () => {
    let trigger: Trigger = 'start';
    for (;;) {
      state.asked = false;
      if (isAllowed()) {
        state.active = true;
        await options.cycle(job, trigger).finally(() => (state.active = false));
      }
      if (isStopped()) return;
      if (!isAsked()) await wait();
      if (isStopped()) return;
      trigger = isAsked() ? 'command' : 'schedule';
    }
  };
  return {
    get active() {
      return state.active;
    },
    configure: (next) => {
      const wasAllowed = isAllowed();
      const sooner = next.scheduleSeconds < job.scheduleSeconds;
      job = next;
      if ((!wasAllowed && isAllowed()) || sooner) wake?.();
    },
    syncNow: () => {
      state.asked = true;
      wake?.();
    },
    stop: () => {
      state.stopped = true;
      wake?.();
    },
    ended: loop(),
  };
}
