export interface GatherOptions<Item, Result> {
  /** Carries out calls together; gives their results in the same order. May be asked twice for the same item. */
  readonly run: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Items of one key are never carried out at the same time, and go one after the other as they came. */
  readonly keyOf?: (item: Item) => string;
  /** How many go together at most. */
  readonly most: number;
  /** How many runs are under way at once. */
  readonly lanes: number;
  /** Whether a failure may be one item's own: then each is carried out alone, so that the others do not suffer for it. */
  readonly isOwn: (error: unknown) => boolean;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly key: string | undefined;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers calls that come at the same time, or while earlier ones are under way, and carries those out together: at rest
 * a call goes alone and at once; the more there are, the less each costs. Nothing waits on a timer.
 */
export function createGather<Item, Result>(
  options: GatherOptions<Item, Result>,
): (item: Item) => Promise<Result> {
  const { run, keyOf, most, lanes, isOwn } = options;
  let waiting: Waiting<Item, Result>[] = [];
  const busyKeys = new Set<string>();
  let busyLanes = 0;

  const takeNext = (): Waiting<Item, Result>[] => {
    const taken: Waiting<Item, Result>[] = [];
    const left: Waiting<Item, Result>[] = [];
    for (const one of waiting) {
      const isFree = taken.length < most && (one.key === undefined || !busyKeys.has(one.key));
      (isFree ? taken : left).push(one);
      // A later call of the same key is not to overtake this one either.
      if (isFree && one.key !== undefined) busyKeys.add(one.key);
    }
    waiting = left;
    return taken;
  };
  /** Never rejects: a failure is the calls' own. */
  const answer = async (calls: readonly Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await run(calls.map(({ item }) => item));
      calls.forEach(({ resolve }, index) => {
        resolve(results[index] as Result);
      });
    } catch (error) {
      if (calls.length > 1 && isOwn(error)) await Promise.all(calls.map((call) => answer([call])));
      else for (const { reject } of calls) reject(error);
    }
  };
  const serve = async (): Promise<void> => {
    busyLanes += 1;
    for (let calls = takeNext(); calls.length > 0; calls = takeNext()) {
      await answer(calls);
      for (const { key } of calls) if (key !== undefined) busyKeys.delete(key);
    }
    busyLanes -= 1;
  };
  let isStarting = false;
  const start = (): void => {
    isStarting = false;
    if (waiting.length === 0 || busyLanes >= lanes) return;
    serve().catch((error: unknown) => {
      for (const { reject } of waiting.splice(0)) reject(error);
    });
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, key: keyOf?.(item), resolve, reject });
      if (isStarting || busyLanes >= lanes) return;
      isStarting = true;
      // Whatever this turn of the loop brings besides goes along.
      setImmediate(start);
    });
}
