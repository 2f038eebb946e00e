import { z } from 'zod';

/** What an operator asked of a reconcile; stored as the run's payload. */
export const reconcilePayload = z.object({
  jobId: z.string(),
  shareName: z.string(),
  sharePath: z.string(),
  /** Folded paths on the share below `sharePath` that belong to other jobs: not this job's files. */
  otherPlaces: z.array(z.string()),
  dryRun: z.boolean(),
  removeMissing: z.boolean(),
  allowEmptyShare: z.boolean(),
  /** Rows of the state index when it was asked. */
  indexedAtStart: z.int(),
});
export type ReconcilePayload = z.infer<typeof reconcilePayload>;

/** Figures that the run page shows; `transactions` are billed requests to the storage account. */
export const reconcileTotals = z.object({
  directories: z.int(),
  transactions: z.int(),
  filesListed: z.int(),
  whole: z.int(),
  notWhole: z.int(),
  added: z.int(),
  replaced: z.int(),
  refreshed: z.int(),
  unchanged: z.int(),
  missing: z.int(),
  removed: z.int(),
});
export type ReconcileTotals = z.infer<typeof reconcileTotals>;

export const noTotals: ReconcileTotals = {
  directories: 0,
  transactions: 0,
  filesListed: 0,
  whole: 0,
  notWhole: 0,
  added: 0,
  replaced: 0,
  refreshed: 0,
  unchanged: 0,
  missing: 0,
  removed: 0,
};

/** A folder that the index knows files of which the share does not have. */
const folderWithMissing = z.object({ folder: z.string(), missing: z.int() });

/**
 * Where a reconcile stands between slices.
 *
 * - `list` walks the share below the job's path, directory by directory, and takes what it finds into the index.
 * - `absent` looks at folders that the index has and the walk did not meet.
 * - `remove` looks once more at folders with missing files and removes their rows; entered only when asked for and only
 *   when the share does not look emptied.
 *
 * A directory is the unit: a crash repeats it, and repeating it changes nothing.
 */
export const reconcileCursor = z.object({
  phase: z.enum(['list', 'absent', 'remove']),
  /** For `list`: directories still to visit, below the job's share path; the last is next. */
  pending: z.array(z.string()),
  /** For `remove`: what the phases before found. */
  missingIn: z.array(folderWithMissing),
  totals: reconcileTotals,
});
export type ReconcileCursor = z.infer<typeof reconcileCursor>;

export const firstCursor: ReconcileCursor = {
  phase: 'list',
  pending: [''],
  missingIn: [],
  totals: noTotals,
};

export function addTotals(a: ReconcileTotals, b: Partial<ReconcileTotals>): ReconcileTotals {
  const sum = { ...a };
  for (const key of Object.keys(noTotals) as (keyof ReconcileTotals)[]) sum[key] += b[key] ?? 0;
  return sum;
}

/** True when so little of the index was met that removing the rest needs a person's word. */
export function looksEmptied(totals: ReconcileTotals, indexedAtStart: number): boolean {
  return indexedAtStart > 0 && totals.whole < indexedAtStart / 2;
}
