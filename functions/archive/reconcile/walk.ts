import type { SliceContext, SliceOutcome } from '../../workflows/index.ts';
import { folderAt, visitDirectory, type VisitedDirectory } from './directory.ts';
import { goOn, sliceBudget } from './outcome.ts';
import { addTotals, type ReconcileCursor, type ReconcilePayload } from './state.ts';
import { takeVisited } from './take.ts';

/** Visits directories of the share, subdirectories after their parent, until the slice's budget is spent. */
export async function walkShare(
  context: SliceContext,
  payload: ReconcilePayload,
  cursor: ReconcileCursor,
): Promise<SliceOutcome> {
  const pending = [...cursor.pending];
  const visited: VisitedDirectory[] = [];
  const budget = sliceBudget(context);
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const visit = await visitDirectory(context, payload, folderAt(folder));
    visited.push(visit);
    for (const subdirectory of visit.subdirectories.toReversed()) pending.push(subdirectory);
    budget.spend(visit);
    if (!budget.left()) break;
  }
  const next: ReconcileCursor = {
    phase: pending.length > 0 ? 'list' : 'absent',
    pending,
    missingIn: [...cursor.missingIn, ...missingIn(visited)],
    totals: visited.reduce((sum, { totals }) => addTotals(sum, { ...totals, directories: 1 }), cursor.totals),
  };
  return goOn(next, (tx) => takeVisited(tx, context, payload, visited));
}

/** Where `remove` has to look again. */
export function missingIn(visited: readonly VisitedDirectory[]): ReconcileCursor['missingIn'] {
  return visited
    .filter((visit) => visit.difference.missing.length > 0)
    .map((visit) => ({ folder: visit.folder, missing: visit.difference.missing.length }));
}
