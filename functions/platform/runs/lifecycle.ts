import { claim, type Db, inTransaction } from '../database/index.ts';
import { lockRun, type RunRow } from './lockedRun.ts';
import { recordStateChange } from './stateChanges.ts';
import { storeStatus } from './status.ts';
import { stepsOf } from './steps.ts';
import { tellRunEnd } from './tellRunEnd.ts';
import type { WriteContext } from './writing.ts';

/** Why a run is `stale` for good: a newer run of its job has begun, so that no late writer revives it. */
export const SUPERSEDED = 'superseded';

export interface Closure {
  readonly runId: string;
  /** As read when the decision was made: a run that moved since is not closed. */
  readonly version: number;
  readonly status: 'stale' | 'terminated';
  readonly reason: string;
}

/**
 * Closes a run from outside, by compare-and-set: undefined means that it was written to meanwhile, which is a sign of
 * life. Its steps stay as they are: they say how far it came.
 */
export async function closeRun(db: Db, closure: Closure, context: WriteContext): Promise<RunRow | undefined> {
  return inTransaction(db, async (tx) => {
    const before = await tx
      .selectFrom('sync_runs')
      .select('status')
      .where('id', '=', closure.runId)
      .executeTakeFirst();
    if (before === undefined) return undefined;
    const closed = await claim(tx, 'sync_runs', {
      key: { id: closure.runId },
      version: closure.version,
      set: {
        status: closure.status,
        status_reason: closure.reason,
        live_key: closure.runId,
        lease_token: null,
        lease_until: null,
        next_slice_at: null,
        ended_at: context.at,
        updated_at: context.at,
      },
    });
    if (closed === undefined) return undefined;
    await recordChange(tx, closed, before.status, closure.reason, context);
    tellRunEnd(closed, context.at);
    return closed;
  });
}

/** Brings a run back that was closed as `stale` while its writer lived: it holds `liveKey` again. Its row is locked by the caller. */
export async function reviveRun(
  tx: Db,
  run: RunRow,
  liveKey: string,
  reason: string,
  context: WriteContext,
): Promise<RunRow> {
  const set = { status: 'running', status_reason: null, live_key: liveKey, ended_at: null } as const;
  await tx.updateTable('sync_runs').set(set).where('id', '=', run.id).execute();
  const revived: RunRow = { ...run, ...set };
  await recordChange(tx, revived, run.status, reason, context);
  return revived;
}

/**
 * Ends a run by itself: from now on its status is what its steps and files make of it. Ending it again changes nothing.
 * Part of the transaction that writes its last step.
 */
export async function endRun(
  tx: Db,
  runId: string,
  end: { readonly reason: string | null },
  context: WriteContext,
): Promise<RunRow> {
  const run = await lockRun(tx, runId, context);
  if (run.ended_at !== null) return run;
  const set = { ended_at: context.at, status_reason: end.reason, live_key: runId };
  await tx.updateTable('sync_runs').set(set).where('id', '=', runId).execute();
  const ended = await storeStatus(tx, { ...run, ...set }, await stepsOf(tx, run), context);
  tellRunEnd(ended, context.at);
  return ended;
}

async function recordChange(
  tx: Db,
  run: RunRow,
  oldState: string | null,
  reason: string,
  context: WriteContext,
): Promise<void> {
  await recordStateChange(
    tx,
    {
      organizationId: run.organization_id,
      subjectType: 'run',
      subjectId: run.id,
      oldState,
      newState: run.status,
      reason,
    },
    context,
  );
}
