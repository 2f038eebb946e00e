import { effectiveStatus, type RunStatus } from '../../../../shared/domain/runStatus.ts';
import type { Db } from '../../../platform/database/index.ts';
import { type RunRow, stepsOf, type StepRow } from '../../../platform/runs/index.ts';
import { SNAPSHOT_STEP } from '../cycle.ts';

/** A cycle as it is told of: its status is what every page shows of it. */
export interface CycleEnd {
  readonly run: RunRow;
  readonly steps: readonly StepRow[];
  readonly status: RunStatus;
  /** Why, for people; may hold foreign text. */
  readonly reason: string | null;
}

/** The end of a cycle whose snapshot is being written: that step counts as done, and nothing comes after it. */
export async function endAtSnapshot(tx: Db, runId: string, doubt: string | null): Promise<CycleEnd> {
  const run = await rowOf(tx, runId);
  const steps = await stepsOf(tx, run);
  const others = steps.filter(({ step }) => step !== SNAPSHOT_STEP);
  const own = { kind: 'work', status: 'complete', seq: Infinity } as const;
  const facts = { status: 'running', ended: true, filesFailed: 0, doubted: doubt !== null } as const;
  return {
    run,
    steps: steps.map((step) => (step.step === SNAPSHOT_STEP ? { ...step, status: own.status } : step)),
    status: effectiveStatus(facts, [...others, own]),
    reason: doubt,
  };
}

/** The end of a cycle that did not get there, as it is stored. Undefined: it did. */
export async function endBefore(tx: Db, run: RunRow): Promise<CycleEnd | undefined> {
  const steps = await stepsOf(tx, run);
  if (steps.some(({ step, status }) => step === SNAPSHOT_STEP && status === 'complete')) return undefined;
  return { run, steps, status: run.status, reason: run.status_reason };
}

/** The end of a batch, as it is stored. */
export async function endOfBatch(tx: Db, run: RunRow): Promise<CycleEnd> {
  return { run, steps: await stepsOf(tx, run), status: run.status, reason: run.doubt };
}

async function rowOf(tx: Db, runId: string): Promise<RunRow> {
  return tx.selectFrom('sync_runs').selectAll().where('id', '=', runId).executeTakeFirstOrThrow();
}
