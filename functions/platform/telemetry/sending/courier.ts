import type { LogFacts, Logger } from '../../logging.ts';
import type { Missing } from './takenInPart.ts';
import { type Bounds, type Kept, type Offered, Window } from './window.ts';

/** Calls back at least once, the first word counts; code 0 means that it was delivered, but for what is `missing`. May reject instead. */
export type Export<T> = (
  items: T[],
  done: (result: {
    readonly code: number;
    readonly error?: Error;
    readonly missing?: readonly Missing[];
  }) => void,
) => Promise<void>;

export type LeftOutReason = 'budget' | Missing['reason'];

/** What became of telemetry, to be told itself. */
export interface Tally {
  sent(kind: string, count: number): void;
  leftOut(kind: string, reason: LeftOutReason, count: number): void;
}

export interface CourierParts<Kind extends string, T> {
  readonly bounds: Readonly<Record<Kind, Bounds>>;
  /** Marks a thing with how many it stands for. */
  readonly mark: (kept: Kept<T>) => T;
  readonly send: Export<T>;
  readonly tally: Tally;
  readonly log: Logger;
  /** After this a delivery counts as failed. */
  readonly timeoutMs: number;
}

/** One line says that telemetry is not delivered, not one a delivery. */
const COMPLAINTS_MS = 10 * 60_000;

/**
 * Carries telemetry away, a window at a time and one delivery after the other. While a delivery is under way the next window fills,
 * within its bounds: an ingestion endpoint that is slow or away costs what is not told, and never memory or a caller's time.
 */
export class Courier<Kind extends string, T> {
  readonly #parts: CourierParts<Kind, T>;
  readonly #windows: ReadonlyMap<Kind, Window<T>>;
  #underWay: Promise<void> | undefined;
  #complainedAt = -Infinity;
  readonly #owed = new Map<
    string,
    { readonly kind: string; readonly reason: LeftOutReason; readonly count: number }
  >();

  constructor(parts: CourierParts<Kind, T>) {
    this.#parts = parts;
    const bounds = Object.entries(parts.bounds) as [Kind, Bounds][];
    this.#windows = new Map(bounds.map(([kind, most]) => [kind, new Window<T>(most)]));
  }

  offer(kind: Kind, item: T, offered: Offered): void {
    this.#windows.get(kind)?.offer(item, offered);
  }

  /** Begins a delivery unless one is under way. */
  next(): void {
    this.#underWay ??= this.#deliver().finally(() => {
      this.#underWay = undefined;
    });
  }

  /** Delivers all that is there. Never rejects. */
  async flush(): Promise<void> {
    await this.#underWay;
    this.next();
    await this.#underWay;
  }

  async #deliver(): Promise<void> {
    const items: T[] = [];
    const counts = new Map<Kind, number>();
    for (const [kind, window] of this.#windows) {
      if (window.isEmpty) continue;
      const { kept, leftOut } = window.close();
      if (leftOut > 0) this.#owe(kind, 'budget', leftOut);
      counts.set(kind, kept.length);
      for (const one of kept) items.push(this.#parts.mark(one));
    }
    if (items.length === 0) return;
    const { failure, missing } = await this.#sent(items);
    if (failure === undefined) this.#tell(counts, missing);
    else this.#regret(failure, counts);
  }

  /** To be told once something arrives: while nothing does, this would not either. */
  #owe(kind: string, reason: LeftOutReason, count: number): void {
    const key = `${kind} ${reason}`;
    const owed = this.#owed.get(key)?.count ?? 0;
    this.#owed.set(key, { kind, reason, count: owed + count });
  }

  #tell(counts: ReadonlyMap<Kind, number>, missing: readonly Missing[]): void {
    const { tally } = this.#parts;
    const missed = (kind: string): number =>
      missing.reduce((sum, one) => (one.kind === kind ? sum + one.count : sum), 0);
    for (const [kind, count] of counts) tally.sent(kind, Math.max(0, count - missed(kind)));
    for (const { kind, reason, count } of missing) this.#owe(kind, reason, count);
    for (const { kind, reason, count } of this.#owed.values()) tally.leftOut(kind, reason, count);
    this.#owed.clear();
    if (missing.length > 0) this.#complain('a part of the telemetry was not taken', { missing });
  }

  #regret(error: unknown, counts: ReadonlyMap<Kind, number>): void {
    for (const [kind, count] of counts) this.#owe(kind, 'undelivered', count);
    this.#complain('telemetry was not delivered', { error });
  }

  #complain(message: string, facts: LogFacts): void {
    if (performance.now() - this.#complainedAt < COMPLAINTS_MS) return;
    this.#complainedAt = performance.now();
    this.#parts.log.warn(message, facts);
  }

  /** Why it was not delivered; without a failure it was, but for what is missing. */
  async #sent(items: T[]): Promise<{ readonly failure?: unknown; readonly missing: readonly Missing[] }> {
    const { promise, resolve } = Promise.withResolvers<{ failure?: unknown; missing: readonly Missing[] }>();
    const fail = (failure: unknown): void => resolve({ failure, missing: [] });
    const timer = setTimeout(() => fail(new Error('no answer in time')), this.#parts.timeoutMs);
    this.#parts
      .send(items, ({ code, error = new Error('refused'), missing = [] }) =>
        code === 0 ? resolve({ missing }) : fail(error),
      )
      .catch(fail);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }
}
