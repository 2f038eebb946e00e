import { asError } from '../as-error.ts';
import type { HostClock } from '../clock.ts';
import type { Log } from '../../log.ts';
import type { TimerFunction } from './timer-function.ts';
import type { HeldTimerLease, TimerLease, TimerStatus } from './timer-lease.ts';

export interface TimerTick {
  readonly isPastDue: boolean;
  /** As it was before this run: `nextMs` is the due time that the run serves. Undefined for timers without monitor. */
  readonly status: TimerStatus | undefined;
}

export interface TimerListenerOptions {
  readonly timer: TimerFunction;
  readonly leases: TimerLease;
  readonly clock: HostClock;
  readonly log: Log;
  /** Runs the function; rejects with what it threw. */
  readonly run: (timer: TimerFunction, tick: TimerTick) => Promise<void>;
}

/** No wait is longer, so that a clock that was set, or a machine that slept, is noticed; and no delay overflows. */
const longestWaitMs = 60_000;
/** How soon a tick that another host holds, or that could not be looked at, is looked at again. */
const lookAgainMs = 5_000;

/**
 * Runs one timer function at its due times, as Azure's listener does:
 * one run at a time, here and over all hosts that share the lease; due times that pass during a run are made up for
 * by one run after it; due times that passed while no host ran by one run at the start, marked past due, if the
 * timer is monitored. The status under the lease decides what is due, so that a tick another host served is not
 * served again.
 */
export class TimerListener {
  readonly #options: TimerListenerOptions;
  #dueMs = Infinity;
  #cancelWait: () => void = () => undefined;
  #turn: Promise<void> = Promise.resolve();
  #isStopped = false;
  #isInTrouble = false;

  constructor(options: TimerListenerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#enqueueLeased((lease) => this.#begin(lease));
  }

  /** Takes no more ticks; resolves when a run that is under way has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelWait();
    await this.#turn;
  }

  /** Runs the function now, after a run that is under way; the schedule goes on as if nothing had been. */
  async runByHand(): Promise<void> {
    const { timer, leases, clock, run } = this.#options;
    const done = Promise.withResolvers<undefined>();
    this.#enqueue(async () => {
      try {
        const lease = await leases.acquire(timer.name);
        if (lease === undefined) throw new Error(`Timer "${timer.name}" is running on another host.`);
        const nowMs = clock.nowMs();
        const status = { lastMs: lease.status?.lastMs, nextMs: nowMs, updatedMs: nowMs };
        try {
          await run(timer, { isPastDue: false, status });
        } finally {
          await lease.release();
        }
        done.resolve(undefined);
      } catch (error) {
        done.reject(asError(error));
      }
    });
    await done.promise;
  }

  /** What is done with this timer is done one after the other. */
  #enqueue(work: () => Promise<void>): void {
    this.#turn = this.#turn.then(work);
  }

  /** Does the work under the lease now, or as soon as the lease can be had: no trouble with it may end the schedule. */
  #enqueueLeased(work: (lease: HeldTimerLease) => Promise<void>): void {
    this.#enqueue(async () => {
      if (this.#isStopped || (await this.#tryLeased(work))) return;
      this.#cancelWait = this.#options.clock.after(lookAgainMs, () => {
        this.#enqueueLeased(work);
      });
    });
  }

  #waitUntil(dueMs: number): void {
    this.#dueMs = dueMs;
    this.#cancelWait();
    if (this.#isStopped) return;
    const { clock } = this.#options;
    const waitMs = Math.min(Math.max(dueMs - clock.nowMs(), 0), longestWaitMs);
    this.#cancelWait = clock.after(waitMs, () => {
      if (clock.nowMs() < this.#dueMs) this.#waitUntil(this.#dueMs);
      else this.#enqueueLeased((lease) => this.#serveTick(lease));
    });
  }

  async #begin(lease: HeldTimerLease): Promise<void> {
    const { timer, clock } = this.#options;
    const nowMs = clock.nowMs();
    const status = await this.#readStatus(lease, nowMs);
    if (timer.useMonitor && status.nextMs < nowMs) await this.#serve(lease, status, true);
    else if (timer.runOnStartup) await this.#serve(lease, status, false);
    else this.#waitUntil(status.nextMs < nowMs ? timer.schedule.next(nowMs) : status.nextMs);
  }

  async #serveTick(lease: HeldTimerLease): Promise<void> {
    const nowMs = this.#options.clock.nowMs();
    const status = lease.status ?? { lastMs: undefined, nextMs: this.#dueMs, updatedMs: nowMs };
    if (status.nextMs > nowMs) this.#waitUntil(status.nextMs);
    else await this.#serve(lease, status, false);
  }

  /** The stored status, or a new one if there is none or if the schedule was changed since it was written. */
  async #readStatus(lease: HeldTimerLease, nowMs: number): Promise<TimerStatus> {
    const { schedule } = this.#options.timer;
    const { status } = lease;
    const isOfThisSchedule = status?.nextMs === schedule.next(status?.updatedMs ?? nowMs);
    if (status !== undefined && isOfThisSchedule) return status;
    const fresh = { lastMs: status?.lastMs, nextMs: schedule.next(nowMs), updatedMs: nowMs };
    await lease.writeStatus(fresh);
    return fresh;
  }

  async #serve(lease: HeldTimerLease, status: TimerStatus, isPastDue: boolean): Promise<void> {
    const { timer, clock, log, run } = this.#options;
    const startedMs = clock.nowMs();
    try {
      await run(timer, { isPastDue, status: timer.useMonitor ? status : undefined });
    } catch (error) {
      log('error', 'The timer function failed.', { functionName: timer.name, error });
    }
    const nextMs = timer.schedule.next(startedMs);
    this.#waitUntil(nextMs);
    try {
      await lease.writeStatus({ lastMs: startedMs, nextMs, updatedMs: startedMs });
    } catch (error) {
      log('warning', 'A timer ran, but that could not be stored; another host may run this tick again.', {
        functionName: timer.name,
        error,
      });
    }
  }

  /** False when the work was not done: another host has the lease, or nobody can tell, which is logged once. */
  async #tryLeased(work: (lease: HeldTimerLease) => Promise<void>): Promise<boolean> {
    const { timer, leases, log } = this.#options;
    try {
      const lease = await leases.acquire(timer.name);
      if (lease === undefined) return false;
      try {
        await work(lease);
      } finally {
        await this.#release(lease);
      }
      this.#isInTrouble = false;
      return true;
    } catch (error) {
      if (!this.#isInTrouble) {
        log('warning', 'The lease of a timer cannot be used; its tick waits.', {
          functionName: timer.name,
          error,
        });
      }
      this.#isInTrouble = true;
      return false;
    }
  }

  async #release(lease: HeldTimerLease): Promise<void> {
    try {
      await lease.release();
    } catch (error) {
      const fields = { functionName: this.#options.timer.name, error };
      this.#options.log(
        'debug',
        'The lease of a timer could not be given back; it runs out by itself.',
        fields,
      );
    }
  }
}
