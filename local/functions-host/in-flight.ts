export interface InFlightCall {
  readonly startedAtMs: number;
  /** Age at which `expire` is called; who is called and goes on raises it. */
  limitMs: number;
  expire(): void;
}

const sweepIntervalMs = 1_000;

/**
 * Calls that are running now. Their time limits are looked at once a second in one sweep, so that a call costs no
 * timer of its own; a limit is therefore kept to within a second.
 */
export class InFlight {
  readonly #calls = new Set<InFlightCall>();
  readonly #sweep: NodeJS.Timeout;
  #onEmpty: Array<() => void> = [];

  constructor(nowMs: () => number) {
    this.#sweep = setInterval(() => {
      this.#expireOverdue(nowMs());
    }, sweepIntervalMs);
    this.#sweep.unref();
  }

  get size(): number {
    return this.#calls.size;
  }

  add(call: InFlightCall): void {
    this.#calls.add(call);
  }

  remove(call: InFlightCall): void {
    this.#calls.delete(call);
    if (this.#calls.size > 0 || this.#onEmpty.length === 0) return;
    const waiting = this.#onEmpty;
    this.#onEmpty = [];
    for (const resolve of waiting) resolve();
  }

  /** Resolves with true when nothing is running any more, with false when `timeoutMs` have passed before that. */
  async drained(timeoutMs: number): Promise<boolean> {
    if (this.#calls.size === 0) return true;
    const empty = Promise.withResolvers<boolean>();
    this.#onEmpty.push(() => {
      empty.resolve(true);
    });
    const timer = setTimeout(() => {
      empty.resolve(false);
    }, timeoutMs);
    const isEmpty = await empty.promise;
    clearTimeout(timer);
    return isEmpty;
  }

  stop(): void {
    clearInterval(this.#sweep);
  }

  #expireOverdue(nowMs: number): void {
    for (const call of this.#calls) {
      if (nowMs - call.startedAtMs >= call.limitMs) call.expire();
    }
  }
}
