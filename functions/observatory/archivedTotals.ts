import { perServices } from '../platform/perServices.ts';
import { type Archived, countArchived } from './store/jobs.ts';
import type { Scope } from './store/scope.ts';

type Totals = ReadonlyMap<string, Archived>;

/** So many files are counted anew each time. */
const CHEAP_FILES = 100_000;
/** A count of more is used again for so many times what it took: counting never takes more than a fiftieth of the time. */
const REST = 50;
const MOST_KEPT = 200;

interface Kept {
  readonly totals: Promise<Totals>;
  /** Until then it is used again; while it is being counted, for ever. */
  untilMs: number;
}

/**
 * What the state index holds, by job, counted from its rows: exact up to a hundred thousand files, and in
 * larger archives at most some seconds old. Who asks at the same time shares one count.
 */
export const archivedTotals = perServices(({ database: { db } }) => {
  const kept = new Map<string, Kept>();
  const count = async (scope: Scope, key: string): Promise<Totals> => {
    const startedMs = performance.now();
    try {
      const totals = await countArchived(db, scope);
      const tookMs = performance.now() - startedMs;
      const mine = kept.get(key);
      if (mine !== undefined) mine.untilMs = isCheap(totals) ? 0 : performance.now() + tookMs * REST;
      return totals;
    } catch (error) {
      kept.delete(key);
      throw error;
    }
  };
  return (scope: Scope): Promise<Totals> => {
    const key = JSON.stringify([scope.organizationId, scope.runnerId]);
    const present = kept.get(key);
    if (present !== undefined && performance.now() < present.untilMs) return present.totals;
    if (kept.size >= MOST_KEPT) kept.clear();
    const totals = Promise.resolve().then(() => count(scope, key));
    kept.set(key, { totals, untilMs: Number.POSITIVE_INFINITY });
    return totals;
  };
});

function isCheap(totals: Totals): boolean {
  let files = 0;
  for (const archived of totals.values()) files += archived.files;
  return files <= CHEAP_FILES;
}
