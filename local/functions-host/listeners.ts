import { QueueServiceClient } from '@azure/storage-queue';
import type { Log } from '../log.ts';
import type { HostClock } from './clock.ts';
import type { FunctionRunner } from './function-runner.ts';
import type { QueueSettings } from './host-json.ts';
import type { QueueFunction } from './queues/queue-function.ts';
import { QueueListener } from './queues/queue-listener.ts';
import type { HostedFunction } from './read-functions.ts';
import { toTimerInput } from './timers/timer-input.ts';
import { memoryTimerLease } from './timers/timer-lease.ts';
import type { TimerLease } from './timers/timer-lease.ts';
import { TimerListener } from './timers/timer-listener.ts';

export interface ListenersOptions {
  readonly functions: readonly HostedFunction[];
  readonly runner: FunctionRunner;
  readonly clock: HostClock;
  readonly queues: QueueSettings;
  readonly queueConnectionString?: string;
  readonly leases?: TimerLease;
  readonly messageVisibilitySeconds?: number;
  readonly log: Log;
}

/** Soon enough to be seen as trouble by the listener, which asks again by itself. */
const queueRetries = { maxTries: 2, tryTimeoutInMs: 15_000, retryDelayInMs: 200, maxRetryDelayInMs: 1_000 };

/** The listeners of an app's timers and queues. */
export class Listeners {
  readonly #timers: ReadonlyMap<string, TimerListener>;
  readonly #queues: readonly QueueListener[];

  constructor(options: ListenersOptions) {
    this.#timers = timerListeners(options);
    this.#queues = queueListeners(options);
  }

  start(): void {
    for (const listener of this.#all()) listener.start();
  }

  /** Resolves when nothing that they started runs any more. */
  async stop(): Promise<void> {
    await Promise.all(this.#all().map((listener) => listener.stop()));
  }

  async invokeTimer(name: string): Promise<void> {
    const timer = this.#timers.get(name);
    if (timer === undefined) {
      throw new Error(
        `There is no timer "${name}"; there are ${[...this.#timers.keys()].join(', ') || 'none'}.`,
      );
    }
    await timer.runByHand();
  }

  #all(): Array<TimerListener | QueueListener> {
    return [...this.#timers.values(), ...this.#queues];
  }
}

function timerListeners(options: ListenersOptions): Map<string, TimerListener> {
  const { functions, runner, clock, log, leases = memoryTimerLease() } = options;
  const timers = functions.filter((fn) => fn.kind === 'timer');
  return new Map(
    timers.map((timer) => {
      const listener = new TimerListener({
        timer,
        leases,
        clock,
        log,
        run: async (fn, tick) => {
          await runner.run(fn, toTimerInput(tick));
        },
      });
      return [timer.name, listener];
    }),
  );
}

function queueListeners(options: ListenersOptions): QueueListener[] {
  const {
    functions,
    runner,
    queues: settings,
    queueConnectionString,
    messageVisibilitySeconds,
    log,
  } = options;
  const fns = functions.filter((fn) => fn.kind === 'queue');
  if (fns.length === 0) return [];
  if (queueConnectionString === undefined) {
    throw new Error(
      `The app has queue functions (${fns.map(({ name }) => name).join(', ')}) and the host no queueConnectionString.`,
    );
  }
  const service = QueueServiceClient.fromConnectionString(queueConnectionString, {
    retryOptions: queueRetries,
  });
  const visibilitySeconds = Math.max(2, messageVisibilitySeconds ?? 30);
  const run = async (
    fn: QueueFunction,
    text: string,
    metadata: Parameters<FunctionRunner['run']>[2],
  ): Promise<void> => {
    await runner.run(fn, { string: text }, metadata);
  };
  return fns.map((fn) => new QueueListener({ fn, service, settings, visibilitySeconds, run, log }));
}
