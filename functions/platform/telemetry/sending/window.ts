/** What a window must know of a thing to choose. */
export interface Offered {
  readonly isError: boolean;
  /** Of errors of one kind: the same text. */
  readonly fingerprint: string;
  /** 0 to 1 by chance, the same for all of one operation, so that it is kept or left out as a whole. */
  readonly lot: number;
}

export interface Bounds {
  readonly ordinary: number;
  readonly errors: number;
}

/** A thing that is kept, and how many it is one of. */
export interface Kept<T> {
  readonly item: T;
  readonly standsFor: number;
}

export interface Chosen<T> {
  readonly kept: readonly Kept<T>[];
  readonly leftOut: number;
}

/** Kinds of failure of which the first is kept though there is no room for errors any more. */
const MOST_KINDS = 100;

interface ErrorKind<T> {
  readonly items: T[];
  count: number;
}

/**
 * Chooses what of a stretch of time is told, within bounds that hold whatever comes. Errors have room of their own and are all kept
 * until it is used up; from then on the first of each kind is, and stands for its likes. Of the rest those with the lowest lots are kept, each
 * standing for its share, so that counts and rates stay right. Memory is bounded by the same bounds.
 */
export class Window<T> {
  readonly #bounds: Bounds;
  #ordinary: { readonly item: T; readonly lot: number }[] = [];
  #ordinarySeen = 0;
  #kinds = new Map<string, ErrorKind<T>>();
  #errorsKept = 0;
  /** Of kinds beyond the hundredth. */
  #errorsUnnamed = 0;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  get isEmpty(): boolean {
    return this.#ordinarySeen === 0 && this.#kinds.size === 0;
  }

  offer(item: T, { isError, fingerprint, lot }: Offered): void {
    if (isError) {
      this.#offerError(item, fingerprint);
      return;
    }
    this.#ordinarySeen += 1;
    this.#ordinary.push({ item, lot });
    if (this.#ordinary.length >= 2 * this.#bounds.ordinary) this.#cut();
  }

  /** What was chosen since the last time; begins anew. */
  close(): Chosen<T> {
    this.#cut();
    const ordinary = this.#ordinary;
    const standsFor = this.#ordinarySeen / Math.max(1, ordinary.length);
    const kept = [
      ...ordinary.map(({ item }) => ({ item, standsFor })),
      ...[...this.#kinds.values()].flatMap(({ items, count }) =>
        items.map((item) => ({ item, standsFor: count / items.length })),
      ),
    ];
    const errorsSeen = [...this.#kinds.values()].reduce((sum, { count }) => sum + count, this.#errorsUnnamed);
    const leftOut = this.#ordinarySeen + errorsSeen - kept.length;
    this.#ordinary = [];
    this.#ordinarySeen = 0;
    this.#kinds = new Map();
    this.#errorsKept = 0;
    this.#errorsUnnamed = 0;
    return { kept, leftOut };
  }

  #offerError(item: T, fingerprint: string): void {
    const known = this.#kinds.get(fingerprint);
    const hasRoom = this.#errorsKept < this.#bounds.errors;
    if (known === undefined && !hasRoom && this.#kinds.size >= this.#bounds.errors + MOST_KINDS) {
      this.#errorsUnnamed += 1;
      return;
    }
    const kind = known ?? { items: [], count: 0 };
    this.#kinds.set(fingerprint, kind);
    kind.count += 1;
    if (!hasRoom && known !== undefined) return;
    kind.items.push(item);
    this.#errorsKept += 1;
  }

  #cut(): void {
    if (this.#ordinary.length <= this.#bounds.ordinary) return;
    this.#ordinary.sort((a, b) => a.lot - b.lot);
    this.#ordinary.length = this.#bounds.ordinary;
  }
}
