/** Pauses that double from the shortest to the longest; the last half of each is left to chance, so that pollers do not fall into step. */
export class PollPause {
  readonly #leastMs: number;
  readonly #mostMs: number;
  #nextMs: number;
  #isCut = false;
  #end: () => void = () => undefined;

  constructor(leastMs: number, mostMs: number) {
    this.#leastMs = Math.min(leastMs, mostMs);
    this.#mostMs = mostMs;
    this.#nextMs = this.#leastMs;
  }

  /** No pause was made since the last reset. */
  get isFresh(): boolean {
    return this.#nextMs === this.#leastMs;
  }

  reset(): void {
    this.#nextMs = this.#leastMs;
  }

  async wait(): Promise<void> {
    if (this.#isCut) return;
    const pauseMs = this.#nextMs * (0.5 + Math.random() / 2);
    this.#nextMs = Math.min(this.#nextMs * 2, this.#mostMs);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pauseMs);
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Ends the pause under way and makes none any more. */
  cut(): void {
    this.#isCut = true;
    this.#end();
  }
}
