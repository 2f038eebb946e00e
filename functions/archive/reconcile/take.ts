import type { Db } from '../../platform/database/index.ts';
import type { SliceContext } from '../../workflows/index.ts';
import { writeContext } from '../../platform/runs/index.ts';
import { noteRowChanges, withIndexLock } from '../stateIndex.ts';
import type { VisitedDirectory } from './directory.ts';
import type { ReconcilePayload } from './state.ts';
import { markFoldersSeen, removeAsRead, takeListed } from './store.ts';

/**
 * Brings the index to what the visited directories show, but for rows without a file. Where a row is replaced by
 * another state, the folder's digest ends. A dry run only notes which folders were visited.
 */
export async function takeVisited(
  tx: Db,
  context: SliceContext,
  { jobId, dryRun }: ReconcilePayload,
  visited: readonly VisitedDirectory[],
): Promise<void> {
  const writing = writeContext(context.services);
  const { runId } = context.run;
  await markFoldersSeen(tx, jobId, runId, visited, writing.at);
  const changed = visited.filter(
    ({ difference }) => difference.added.length + difference.outdated.length > 0,
  );
  if (dryRun || changed.length === 0) return;
  await withIndexLock(tx, jobId, async () => {
    const differences = changed.map((visit) => visit.difference);
    await removeAsRead(
      tx,
      jobId,
      differences.flatMap(({ outdated }) => outdated),
    );
    const listed = differences.flatMap(({ added, replaced, refreshed }) => [
      ...added,
      ...replaced,
      ...refreshed,
    ]);
    await takeListed(tx, jobId, runId, listed, writing.at);
    const lost = changed.filter(({ difference }) => difference.replaced.length > 0);
    await noteRowChanges(tx, jobId, { gained: changed, lost }, `reconcile ${runId} changed it`, writing);
  });
}
