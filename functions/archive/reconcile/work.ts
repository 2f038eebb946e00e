import type { Db } from '../../platform/database/index.ts';
import type { SliceContext, SlicedWork, SliceOutcome } from '../../workflows/index.ts';
import { CLOCK_MARGIN_MS, visitDirectory, type VisitedDirectory } from './directory.ts';
import {
  addTotals,
  looksEmptied,
  noTotals,
  type ReconcileCursor,
  reconcileCursor,
  type ReconcilePayload,
  reconcilePayload,
} from './state.ts';
import {
  countInUnseenFolders,
  endDigests,
  markFoldersSeen,
  removeMissing,
  rowsInUnseenFolders,
  takeListed,
} from './store.ts';

export const RECONCILE_SYNC_TYPE = 'reconcile';

/** Bounds one slice's transaction: about two seconds of writing. */
const MAX_CHANGES_PER_SLICE = 20_000;
const MAX_REMOVED_PER_SLICE = 10_000;

/**
 * Repopulates a job's state index from listings of its share (SPEC F9). Never deletes from the share; removes index
 * rows only when asked, only after the whole walk, and never when the share looks emptied.
 */
export const reconcileWork: SlicedWork = {
  syncType: RECONCILE_SYNC_TYPE,
  runSlice: async (context) => {
    const payload = reconcilePayload.parse(context.run.payload);
    const cursor = readCursor(context);
    if (cursor.phase === 'list') return await walk(context, payload, cursor, applyListed);
    if (cursor.phase === 'absent') return await countAbsent(context, payload, cursor);
    if (cursor.phase === 'remove') return await walk(context, payload, cursor, applyRemoved);
    return await removeAbsent(context, payload, cursor);
  },
};

function readCursor(context: SliceContext): ReconcileCursor {
  if (context.run.cursor !== undefined) return reconcileCursor.parse(context.run.cursor);
  const startedAt = new Date(context.services.now().getTime() - CLOCK_MARGIN_MS);
  return { phase: 'list', pending: [''], totals: noTotals, startedAt: startedAt.toISOString() };
}

type ApplyDirectory = (
  tx: Db,
  context: SliceContext,
  payload: ReconcilePayload,
  visited: readonly VisitedDirectory[],
) => Promise<void>;

/** Visits directories until the budget or the bound on changes is reached. */
async function walk(
  context: SliceContext,
  payload: ReconcilePayload,
  cursor: ReconcileCursor,
  applyVisited: ApplyDirectory,
): Promise<SliceOutcome> {
  const pending = [...cursor.pending];
  const visited: VisitedDirectory[] = [];
  let changes = 0;
  while (pending.length > 0 && changes < MAX_CHANGES_PER_SLICE && context.services.now() < context.deadline) {
    const directory = pending.pop() ?? '';
    const visit = await visitDirectory(context, payload, directory);
    visited.push(visit);
    pending.push(...[...visit.subdirectories].reverse());
    const { added, replaced, refreshed, missing } = visit.difference;
    changes += added.length + replaced.length + refreshed.length + missing.length + 1;
    if (visited.length % 20 === 0) await context.extendLease();
  }
  const phase = cursor.phase;
  const totals =
    phase === 'list'
      ? visited.reduce((sum, visit) => addTotals(sum, visit.totals), cursor.totals)
      : addTotals(cursor.totals, {
          transactions: sum(visited, (visit) => visit.totals.transactions ?? 0),
          removed: sum(visited, (visit) => visit.difference.missing.length),
        });
  const next = pending.length > 0 ? phase : phase === 'list' ? 'absent' : 'removeAbsent';
  return {
    kind: 'continue',
    cursor: { ...cursor, phase: next, pending, totals },
    progress: { recordsIn: totals.filesListed, recordsOut: written(totals), result: totals },
    apply: (tx) => applyVisited(tx, context, payload, visited),
  };
}

const applyListed: ApplyDirectory = async (tx, context, payload, visited) => {
  const now = context.services.now();
  const { runId } = context.run;
  await markFoldersSeen(
    tx,
    payload.jobId,
    runId,
    visited.map((visit) => ({ folderKey: visit.folderKey, folder: visit.directory })),
    now,
  );
  if (payload.dryRun) return;
  const differences = visited.map((visit) => visit.difference);
  const taken = differences.flatMap(({ added, replaced, refreshed }) => [
    ...added,
    ...replaced,
    ...refreshed,
  ]);
  await takeListed(tx, payload.jobId, runId, taken, now);
  const ended = visited.filter((visit) => visit.difference.replaced.length > 0);
  await endDigests(
    tx,
    payload.jobId,
    ended.map((visit) => visit.folderKey),
    now,
  );
};

const applyRemoved: ApplyDirectory = async (tx, context, payload, visited) => {
  const now = context.services.now();
  for (const visit of visited) {
    const { missing } = visit.difference;
    if (missing.length === 0) continue;
    const keys = missing.map((row) => row.pathKey);
    await removeMissing(tx, payload.jobId, keys, visit.listedAt);
    await endDigests(tx, payload.jobId, [visit.folderKey], now);
  }
};

/** After the walk: what lies in folders that the share does not have, and whether anything is to be removed. */
async function countAbsent(
  context: SliceContext,
  payload: ReconcilePayload,
  cursor: ReconcileCursor,
): Promise<SliceOutcome> {
  const { db } = context.services.database;
  const absent = await countInUnseenFolders(db, payload.jobId, context.run.runId, new Date(cursor.startedAt));
  const totals = addTotals(cursor.totals, { missing: absent });
  const removing = payload.removeMissing && !payload.dryRun && totals.missing > 0;
  if (!removing) return finished(totals, null);
  if (looksEmptied(totals, payload.indexedAtStart) && !payload.allowEmptyShare) {
    return finished(
      totals,
      `The share holds ${String(totals.whole)} whole files and the index ${String(payload.indexedAtStart)} rows: nothing was removed. Say allowEmptyShare if that is right.`,
    );
  }
  return {
    kind: 'continue',
    cursor: { ...cursor, phase: 'remove', pending: [''], totals },
    progress: { recordsIn: totals.filesListed, recordsOut: written(totals), result: totals },
    apply: async () => undefined,
  };
}

async function removeAbsent(
  context: SliceContext,
  payload: ReconcilePayload,
  cursor: ReconcileCursor,
): Promise<SliceOutcome> {
  const { db } = context.services.database;
  const before = new Date(cursor.startedAt);
  const rows = await rowsInUnseenFolders(db, payload.jobId, context.run.runId, before, MAX_REMOVED_PER_SLICE);
  const totals = addTotals(cursor.totals, { removed: rows.length });
  if (rows.length === 0) return finished(totals, null);
  return {
    kind: 'continue',
    cursor: { ...cursor, totals },
    progress: { recordsIn: totals.filesListed, recordsOut: written(totals), result: totals },
    apply: async (tx) => {
      const keys = rows.map((row) => row.pathKey);
      await removeMissing(tx, payload.jobId, keys, before);
      await endDigests(tx, payload.jobId, distinct(rows.map((row) => row.folderKey)), context.services.now());
    },
  };
}

function finished(totals: ReconcileCursor['totals'], refusal: string | null): SliceOutcome {
  return {
    kind: 'finished',
    status: refusal === null ? 'complete' : 'failed',
    reason: refusal,
    result: totals,
    progress: { recordsIn: totals.filesListed, recordsOut: written(totals), result: totals },
    apply: async () => undefined,
  };
}

function written(totals: ReconcileCursor['totals']): number {
  return totals.added + totals.replaced + totals.refreshed + totals.removed;
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

function distinct(keys: readonly Buffer[]): Buffer[] {
  return [...new Map(keys.map((key) => [key.toString('hex'), key])).values()];
}
