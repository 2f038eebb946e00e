import type { SliceContext, CursorOutcome } from '../../workflows/index.ts';
import { visitDirectory, type VisitedDirectory } from './directory.ts';
import { finished, goOn, sliceBudget } from './outcome.ts';
import { addTotals, looksEmptied, type ReconcileCursor, type ReconcilePayload } from './state.ts';
import { nextUnseenFolder } from './store.ts';
import { takeVisited } from './take.ts';
import { missingIn } from './walk.ts';

/** After the walk: folders of the index that it did not meet, each looked at by its name. Then decides about removal. */
export async function lookAtAbsent(
  context: SliceContext,
  payload: ReconcilePayload,
  cursor: ReconcileCursor,
): Promise<CursorOutcome> {
  const visited = await visitUnseen(context, payload);
  if (visited.length === 0) return decideRemoval(payload, cursor);
  const next: ReconcileCursor = {
    ...cursor,
    missingIn: [...cursor.missingIn, ...missingIn(visited)],
    totals: visited.reduce((sum, visit) => addTotals(sum, visit.totals), cursor.totals),
  };
  return goOn(next, (tx) => takeVisited(tx, context, payload, visited));
}

/** Those of earlier slices are marked as seen. */
async function visitUnseen(context: SliceContext, payload: ReconcilePayload): Promise<VisitedDirectory[]> {
  const { db } = context.services.database;
  const { runId } = context.run;
  const visited: VisitedDirectory[] = [];
  const budget = sliceBudget(context);
  let after: Buffer | undefined;
  do {
    const unseen = await nextUnseenFolder(db, payload.jobId, runId, after);
    if (unseen === undefined) break;
    const visit = await visitDirectory(context, payload, unseen);
    visited.push(visit);
    after = unseen.folderKey;
    budget.spend(visit);
  } while (budget.left());
  return visited;
}

function decideRemoval(payload: ReconcilePayload, cursor: ReconcileCursor): CursorOutcome {
  const { totals } = cursor;
  if (!payload.removeMissing || payload.dryRun || totals.missing === 0) return finished(totals, null);
  if (looksEmptied(totals, payload.indexedAtStart) && !payload.allowEmptyShare) {
    return finished(
      totals,
      `The share holds ${String(totals.whole)} whole files and the index ${String(payload.indexedAtStart)} rows: ` +
        'nothing was removed. Say allowEmptyShare if that is right.',
    );
  }
  return goOn({ ...cursor, phase: 'remove' });
}
