import type { SliceContext, CursorOutcome } from '../../workflows/index.ts';
import { folderAt, visitDirectory, type VisitedDirectory } from './directory.ts';
import { goOn, sliceBudget } from './outcome.ts';
import { addTotals, type ReconcileCursor, type ReconcilePayload } from './state.ts';
import { takeVisited } from './take.ts';

/** Directories listed at the same time: waiting for the share is most of the work. */
const AT_ONCE = 4;

/** Visits directories of the share, subdirectories after their parent, until the slice's budget is spent. */
export async function walkShare(
  context: SliceContext,
  payload: ReconcilePayload,
  cursor: ReconcileCursor,
): Promise<CursorOutcome> {
  const pending = [...cursor.pending];
  const visited: VisitedDirectory[] = [];
  const budget = sliceBudget(context);
  do {
    const folders = pending.splice(-AT_ONCE).toReversed();
    const visits = await Promise.all(
      folders.map((folder) => visitDirectory(context, payload, folderAt(folder))),
    );
    visited.push(...visits);
    pending.push(...visits.flatMap(({ subdirectories }) => subdirectories).toReversed());
    visits.forEach(budget.spend);
  } while (pending.length > 0 && budget.left());
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
