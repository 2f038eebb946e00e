import { effectiveStatus, type StepFacts } from '../../../shared/domain/runStatus.ts';
import type { Db } from '../database/index.ts';
import type { RunRow } from './lockedRun.ts';
import { recordStateChange } from './stateChanges.ts';
import type { WriteContext } from './writing.ts';

/**
 * Stores what `effectiveStatus` says of a run that this transaction has locked, and records the change if it is one.
 * Every surface reads the stored status. Gives the row as it is now.
 */
export async function storeStatus(
  tx: Db,
  run: RunRow,
  steps: readonly StepFacts[],
  context: WriteContext,
): Promise<RunRow> {
  const facts = { status: run.status, ended: run.ended_at !== null, filesFailed: run.files_failed };
  const status = effectiveStatus(facts, steps);
  if (status === run.status) return run;
  await tx.updateTable('sync_runs').set({ status }).where('id', '=', run.id).execute();
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
  return { ...run, status };
}
