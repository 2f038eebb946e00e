import { claim, type Db, inTransaction, upsert } from '../database/index.ts';
import { lockRun, type RunRow } from './lockedRun.ts';
import { storeStatus } from './status.ts';
import { nextRows, type StepRow, stepsUpsert, type StepWrite, toSent } from './stepRows.ts';
import { holdsWhole, leftBy, type StepsAsLeft } from './stepsAsLeft.ts';
import type { WriteContext } from './writing.ts';

/**
 * The one function that writes steps (SPEC O3), by upsert on run, sync type and step, in one transaction with the run's
 * effective status; `writeStep` is its form for one. Writers of one run take turns; the same write twice changes only
 * the signs of life. A step gets its `seq` when it leaves `pending` and keeps it. Throws `RunGone`.
 */
export async function writeSteps(
  db: Db,
  runId: string,
  steps: readonly StepWrite[],
  context: WriteContext,
): Promise<RunRow> {
  return inTransaction(db, async (tx) => {
    const run = await lockRun(tx, runId, context);
    return writeStepsOf(tx, run, steps, context);
  });
}

/** The same for a run that this transaction has locked or claimed. */
export async function writeStepsOf(
  tx: Db,
  run: RunRow,
  steps: readonly StepWrite[],
  context: WriteContext,
): Promise<RunRow> {
  return (await writeStepsAfter(tx, run, steps, context, undefined)).run;
}

/**
 * The same for a writer that writes again and again: with what its last transaction left, once that is committed, the
 * steps are read anew only when somebody else has written meanwhile.
 */
export async function writeStepsAfter(
  tx: Db,
  run: RunRow,
  steps: readonly StepWrite[],
  context: WriteContext,
  left: StepsAsLeft | undefined,
): Promise<StepsAsLeft> {
  const names = steps.map(({ step }) => step);
  const isLeft = left?.run.version === run.version - 1 && holdsWhole(left, names);
  const stored = isLeft ? left.steps : await outlinedSteps(tx, run, names);
  const written = nextRows(run, stored, steps, context.at);
  if (written.length > 0) {
    const { table, ...shape } = stepsUpsert;
    await upsert(tx, table, { ...shape, rows: written.map(toSent) });
  }
  const after = leftBy(run, stored, written);
  return { ...after, run: await storeStatus(tx, run, after.steps, context) };
}

/**
 * Marks the running steps of a run as timed out, by compare-and-set on the run's version: undefined means that it was
 * written to meanwhile, which is a sign of life. The run's own sign of life is not moved. An error that a step has is kept;
 * `reason` is for those without.
 */
export async function timeOutSteps(
  db: Db,
  timeOut: { readonly runId: string; readonly version: number; readonly reason: string },
  context: WriteContext,
): Promise<RunRow | undefined> {
  return inTransaction(db, async (tx) => {
    const { runId, version, reason } = timeOut;
    const set = { updated_at: context.at };
    const run = await claim(tx, 'sync_runs', { key: { id: runId }, version, set });
    if (run === undefined) return undefined;
    const running = (await stepsOf(tx, run)).filter((step) => step.status === 'running');
    const steps = running.map(({ step, kind, error }) => ({
      step,
      kind,
      status: 'timed_out' as const,
      error: error ?? reason,
    }));
    return writeStepsOf(tx, run, steps, context);
  });
}

export async function writeStep(
  db: Db,
  runId: string,
  step: StepWrite,
  context: WriteContext,
): Promise<RunRow> {
  return writeSteps(db, runId, [step], context);
}

/** The steps of a run, in the order in which they began; those still pending last. */
export async function stepsOf(db: Db, run: { id: string; sync_type: string }): Promise<StepRow[]> {
  const rows = await db
    .selectFrom('sync_steps')
    .selectAll()
    .where('run_id', '=', run.id)
    .where('sync_type', '=', run.sync_type)
    .execute();
  return rows.toSorted((a, b) => (a.seq ?? Infinity) - (b.seq ?? Infinity) || (a.step < b.step ? -1 : 1));
}

/** The same in any order, with cursor and result of the `whole` ones only: a run may have a thousand steps with large results. */
async function outlinedSteps(
  tx: Db,
  run: { id: string; sync_type: string },
  whole: readonly string[],
): Promise<StepRow[]> {
  const names = whole.length > 0 ? whole : [''];
  return tx
    .selectFrom('sync_steps')
    .select([
      'run_id',
      'sync_type',
      'step',
      'kind',
      'seq',
      'status',
      'triggered_by',
      'attempts',
      'records_in',
      'records_out',
      'error',
      'started_at',
      'completed_at',
      'last_activity_at',
      'position',
      'code_version',
    ])
    .select((eb) => [
      eb.case().when('step', 'in', names).then(eb.ref('cursor_json')).end().as('cursor_json'),
      eb.case().when('step', 'in', names).then(eb.ref('result_json')).end().as('result_json'),
    ])
    .where('run_id', '=', run.id)
    .where('sync_type', '=', run.sync_type)
    .execute();
}
