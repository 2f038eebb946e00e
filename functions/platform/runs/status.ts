import { effectiveStatus, type StepFacts } from '../../../shared/domain/runStatus.ts';
import type { Db } from '../database/index.ts';
import type { RunRow } from './lockedRun.ts';
import { recordStateChange } from './stateChanges.ts';
import type { WriteContext } from './writing.ts';

/**
 * Stores what `effectiveStatus` says of a run that this transaction has locked, with the sums over its steps, and records the
 * change if it is one.
 * Every surface reads the stored status. Gives the row as it is now.
 */
export async function storeStatus(
  tx: Db,
  run: RunRow,
  steps: readonly CountedStep[],
  context: WriteContext,
): Promise<RunRow> {
  const { status, ...counted } = statusAfter(run, steps);
  const isSame = status === run.status;
  if (isSame && counted.records_in === run.records_in && counted.records_out === run.records_out) return run;
  await tx
    .updateTable('sync_runs')
    .set({ status, ...counted })
    .where('id', '=', run.id)
    .execute();
  if (isSame) return { ...run, ...counted };
  await recordStateChange(
    tx,
    {
      organizationId: run.organization_id,
      subjectType: 'run',
      subjectId: run.id,
      oldState: run.status,
      newState: status,
      reason: run.status_reason ?? 'computed from its steps',
    },
    context,
  );
  return { ...run, status, ...counted };
}

/** The status of a run with these steps, and their sums. */
export function statusAfter(
  run: RunRow,
  steps: readonly CountedStep[],
): Pick<RunRow, 'status' | 'records_in' | 'records_out'> {
  const facts = {
    status: run.status,
    ended: run.ended_at !== null,
    filesFailed: run.files_failed,
    doubted: run.doubt !== null,
  };
  return {
    status: effectiveStatus(facts, steps),
    records_in: total(steps, 'records_in'),
    records_out: total(steps, 'records_out'),
  };
}

type CountedStep = StepFacts & { readonly records_in: number | null; readonly records_out: number | null };

/** Sum over the steps of work; null where none counts anything. */
function total(steps: readonly CountedStep[], column: 'records_in' | 'records_out'): number | null {
  const counts = steps.flatMap((step) => (step.kind === 'work' ? (step[column] ?? []) : []));
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}
