import type { Db } from '../../platform/database/index.ts';
import type { SliceContext, CursorOutcome } from '../../workflows/index.ts';
import { writeContext } from '../../platform/runs/index.ts';
import { noteRowChanges, withIndexLock } from '../stateIndex.ts';
import { folderAt, visitDirectory, type VisitedDirectory } from './directory.ts';
import { finished, goOn, sliceBudget } from './outcome.ts';
import { addTotals, type ReconcileCursor, type ReconcilePayload } from './state.ts';
import { removeAsRead } from './store.ts';

/**
 * Looks once more at the folders with missing files and removes their rows. When more is missing than the walk found,
 * the share is losing files under our eyes: it stops and says so.
 */
export async function removeMissing(
  context: SliceContext,
  payload: ReconcilePayload,
  cursor: ReconcileCursor,
): Promise<CursorOutcome> {
  const remaining = [...cursor.missingIn];
  const visited: VisitedDirectory[] = [];
  let refusal: string | null = null;
  const budget = sliceBudget(context);
  for (let expected = remaining.pop(); expected !== undefined; expected = remaining.pop()) {
    const visit = await visitDirectory(context, payload, folderAt(expected.folder));
    const missing = visit.difference.missing.length;
    if (missing > expected.missing && !payload.allowEmptyShare) {
      refusal = vanishing(expected.folder, expected.missing, missing);
      break;
    }
    visited.push(visit);
    budget.spend(visit);
    if (!budget.left()) break;
  }
  const totals = visited.reduce(
    (sum, visit) =>
      addTotals(sum, {
        transactions: visit.totals.transactions ?? 0,
        removed: visit.difference.missing.length,
      }),
    cursor.totals,
  );
  const apply = (tx: Db): Promise<void> => removeRows(tx, context, payload, visited);
  if (refusal !== null || remaining.length === 0) return finished(totals, refusal, apply);
  return goOn({ ...cursor, missingIn: remaining, totals }, apply);
}

async function removeRows(
  tx: Db,
  context: SliceContext,
  { jobId }: ReconcilePayload,
  visited: readonly VisitedDirectory[],
): Promise<void> {
  const losing = visited.filter(({ difference }) => difference.missing.length > 0);
  if (losing.length === 0) return;
  await withIndexLock(tx, jobId, async () => {
    await removeAsRead(
      tx,
      jobId,
      losing.flatMap(({ difference }) => difference.missing),
    );
    const reason = `reconcile ${context.run.runId} found files of it missing on the share`;
    await noteRowChanges(tx, jobId, { gained: [], lost: losing }, reason, writeContext(context.services));
  });
}

function vanishing(folder: string, before: number, now: number): string {
  return (
    `Folder /${folder} misses ${String(now)} files of the index, a moment ago ${String(before)}: the share is losing files. ` +
    'Its rows and those of folders not reached were not removed. Look at the share, then run the reconcile again.'
  );
}
