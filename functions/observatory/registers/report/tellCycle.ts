import { sendReport } from '../../../alerts/index.ts';
import type { Db } from '../../../platform/database/index.ts';
import type { RunRow, WriteContext } from '../../../platform/runs/index.ts';
import type { StatusTotal } from '../totals.ts';
import { changesOfRun } from './changesTold.ts';
import { endAtSnapshot, endBefore, endOfBatch } from './cycleEnd.ts';
import { failureReport, goodReport } from './cycleReport.ts';
import { totalsTable } from './tables.ts';

export interface ToldSnapshot {
  readonly totals: readonly StatusTotal[];
  /** No cycle came to its end before. */
  readonly isFirst: boolean;
  /** Why its records are not to be believed. */
  readonly doubt: string | null;
}

/** The e-mail of a cycle (SPEC O8), in the transaction that writes its snapshot. */
export async function tellSnapshot(
  tx: Db,
  runId: string,
  { totals, isFirst, doubt }: ToldSnapshot,
  context: WriteContext,
): Promise<void> {
  const end = await endAtSnapshot(tx, runId, doubt);
  const more = { isFirst, tables: [totalsTable(totals)], at: context.at };
  await sendReport(tx, goodReport(end, await changesOfRun(tx, runId), more), context);
}

/**
 * The notice of a cycle that ended before its snapshot, in the transaction that ends it: the `onEnd` of every workflow
 * that writes one. Once a run, whatever becomes of it afterwards.
 */
export async function tellCycleEnd(run: RunRow, tx: Db, context: WriteContext): Promise<void> {
  const end = await endBefore(tx, run);
  if (end === undefined) return;
  await sendReport(tx, failureReport(end, await changesOfRun(tx, run.id), context.at), context);
}

/**
 * The `onEnd` of a workflow that goes over a part of a register each time, and so writes no snapshot: told when it
 * changed something, or did not get to its good end. Batches come often: one that changed nothing is no news, nor is one that
 * failed after one that failed; that it goes on so stands in the alert.
 */
export async function tellBatchEnd(run: RunRow, tx: Db, context: WriteContext): Promise<void> {
  if (!isGood(run.status)) {
    if (await wasGoodBefore(tx, run)) await tellCycleEnd(run, tx, context);
    return;
  }
  const changes = await changesOfRun(tx, run.id);
  if (run.status === 'complete' && changes.counts.size === 0) return;
  const more = { isFirst: false, tables: [], at: context.at };
  await sendReport(tx, goodReport(await endOfBatch(tx, run), changes, more), context);
}

function isGood(status: RunRow['status']): boolean {
  return status === 'complete' || status === 'partial';
}

/** The batch before this one came to its good end, or there was none. */
async function wasGoodBefore(tx: Db, run: RunRow): Promise<boolean> {
  const before = await tx
    .selectFrom('sync_runs')
    .select('status')
    .where('organization_id', '=', run.organization_id)
    .where('sync_type', '=', run.sync_type)
    .where('id', '<>', run.id)
    .where('started_at', '<=', run.started_at)
    .where('ended_at', 'is not', null)
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return before === undefined || isGood(before.status);
}
