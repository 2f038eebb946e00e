/** A value that somebody else gives out and may change while this process runs. */
export interface KeptValue<T> {
  /** Rejects when there is none that is good and none can be had. */
  read(): Promise<T>;
  /** What is known, without waiting; when that should be asked for anew, it is, aside. */
  peek(): T | undefined;
  /** What it said was refused: the next reader asks anew. */
  forget(): void;
}

export interface KeepingOptions<T> {
  readonly fetchValue: () => Promise<T>;
  /** Milliseconds since 1970, as are all moments here. */
  readonly now: () => number;
  /** From when on a value is asked for anew, though it is good. */
  readonly freshUntil: (value: T, readAt: number) => number;
  /** From when on a value is of no use; for ever good unless said otherwise. */
  readonly goodUntil?: (value: T) => number;
  /** Nobody waits for a new value while the present one is good. */
  readonly renewsAside?: boolean;
  /** Hears why there is no new value, while the present one serves on. */
  readonly tellFailure?: (error: unknown) => void;
}

/** Whoever did not answer is left alone for so long, while the value that is kept serves on. */
const AFTER_FAILURE_MS = 30_000;

/**
 * Keeps a value, asks for it once for all who read at a time, and in time for the next; while that fails the present one serves on
 * as long as it is good, and whoever gives it out is not pestered.
 */
export function keepValue<T>(options: KeepingOptions<T>): KeptValue<T> {
  const {
    fetchValue,
    now,
    freshUntil,
    goodUntil = () => Infinity,
    renewsAside = false,
    tellFailure,
  } = options;
  let kept: { readonly value: T; readonly askAgainAt: number } | undefined;
  let fetching: Promise<T> | undefined;

  const fetchOnce = (): Promise<T> =>
    (fetching ??= fetchValue()
      .then((value) => {
        kept = { value, askAgainAt: freshUntil(value, now()) };
        return value;
      })
      .catch((error: unknown) => {
        if (kept !== undefined) {
          kept = { ...kept, askAgainAt: now() + AFTER_FAILURE_MS };
          if (goodUntil(kept.value) > now()) tellFailure?.(error);
        }
        throw error;
      })
      .finally(() => (fetching = undefined)));

  const read = async (): Promise<T> => {
    const present = kept;
    if (present === undefined || goodUntil(present.value) <= now()) return fetchOnce();
    if (now() < present.askAgainAt) return present.value;
    const next = fetchOnce().catch(() => present.value); // who reads when that has ended hears why
    return renewsAside ? present.value : next;
  };
  return {
    read,
    peek: () => {
      read().catch(() => undefined); // who needs it hears of it
      return kept?.value;
    },
    forget: () => {
      if (kept !== undefined) kept = { ...kept, askAgainAt: -Infinity };
    },
  };
}
