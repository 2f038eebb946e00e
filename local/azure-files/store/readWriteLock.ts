/**
 * Many readers or one writer, first come first served: a waiting writer holds back later readers, so that a
 * steady stream of uploads cannot keep a snapshot waiting for ever.
 */
export class ReadWriteLock {
  #readers = 0;
  #writing = false;
  readonly #waiting: { readonly exclusive: boolean; readonly start: () => void }[] = [];

  /** Nobody holds it and nobody waits. */
  get idle(): boolean {
    return this.#readers === 0 && !this.#writing && this.#waiting.length === 0;
  }

  /** Runs beside other shared holders. */
  async shared<T>(work: () => Promise<T> | T): Promise<T> {
    if (this.#writing || this.#waiting.length > 0) await this.#queue(false);
    else this.#readers += 1;
    try {
      return await work();
    } finally {
      this.#readers -= 1;
      this.#admit();
    }
  }

  /** Runs alone. */
  async exclusive<T>(work: () => Promise<T> | T): Promise<T> {
    if (this.idle) this.#writing = true;
    else await this.#queue(true);
    try {
      return await work();
    } finally {
      this.#writing = false;
      this.#admit();
    }
  }

  #queue(exclusive: boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#waiting.push({ exclusive, start: () => resolve(undefined) });
    return promise;
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined && !this.#writing; next = this.#waiting[0]) {
      if (next.exclusive && this.#readers > 0) return;
      this.#waiting.shift();
      if (next.exclusive) this.#writing = true;
      else this.#readers += 1;
      next.start();
    }
  }
}

/** A lock for each key that is in use, and for no other. */
export class KeyedLocks {
  readonly #locks = new Map<string, ReadWriteLock>();

  async run<T>(key: string, mode: 'shared' | 'exclusive', work: () => Promise<T> | T): Promise<T> {
    const lock = this.#locks.get(key) ?? new ReadWriteLock();
    this.#locks.set(key, lock);
    try {
      return await lock[mode](work);
    } finally {
      if (lock.idle) this.#locks.delete(key);
    }
  }
}
