import type { Selectable } from 'kysely';
import type { StepKind, StepStatus } from '../../../shared/domain/runStatus.ts';
import { claim, type Db, inTransaction, json, upsert } from '../database/index.ts';
import type { SyncStepsTable } from '../database/tables/runs.ts';
import { lockRun, type RunRow } from './lockedRun.ts';
import { storeStatus } from './status.ts';
import type { WriteContext } from './writing.ts';

export type StepRow = Selectable<SyncStepsTable>;

/** What a writer says of a step. Members that are left out stay as they were, except `error`: that is overwritten always. */
export interface StepWrite {
  readonly step: string;
  readonly kind: StepKind;
  readonly status: StepStatus;
  /** Absent or null: the step has no error (any more). */
  readonly error?: string | null;
  readonly triggeredBy?: string | null;
  /** Rows read, and rows written; in cumulative phases the running total. */
  readonly recordsIn?: number | null;
  readonly recordsOut?: number | null;
  readonly cursor?: unknown;
  readonly result?: unknown;
  /** Of an activity: its place among those that the workflow visits, and the bundle that ran it. */
  readonly position?: number | null;
  readonly codeVersion?: string | null;
}

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

/** The steps of a run as one transaction left them, for the next one of the same writer. */
export interface StepsAsLeft {
  /** The run's. Whoever writes steps moves it in the same transaction: moved by one, nobody else has written. */
  readonly version: number;
  readonly steps: readonly StepRow[];
  /** Steps with their cursor and result; the others are outlined. */
  readonly whole: ReadonlySet<string>;
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
): Promise<{ readonly run: RunRow; readonly left: StepsAsLeft }> {
  const names = steps.map(({ step }) => step);
  const stored = knownSteps(run, names, left) ?? (await outlinedSteps(tx, run, names));
  const written = nextRows(run, stored, steps, context.at);
  if (written.length > 0) {
    await upsert(tx, 'sync_steps', {
      columns,
      rows: written.map(toRow),
      key: ['run_id', 'sync_type', 'step'],
      update: updated,
    });
  }
  const whole = new Set(names);
  const untouched = stored.filter(({ step }) => !whole.has(step));
  const after = [...untouched, ...written];
  return {
    run: await storeStatus(tx, run, after, context),
    left: { version: run.version, steps: [...untouched.map(outlined), ...written], whole },
  };
}

/** What the last transaction left, if it is still so and holds what the new rows are made from. */
function knownSteps(
  run: RunRow,
  names: readonly string[],
  left: StepsAsLeft | undefined,
): readonly StepRow[] | undefined {
  if (left?.version !== run.version - 1) return undefined;
  const isPartial = (name: string) => !left.whole.has(name) && left.steps.some(({ step }) => step === name);
  return names.some(isPartial) ? undefined : left.steps;
}

/** Large results are not kept in memory for the sake of a status. */
function outlined(row: StepRow): StepRow {
  return row.cursor_json === null && row.result_json === null
    ? row
    : { ...row, cursor_json: null, result_json: null };
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

const columns = {
  run_id: 'id',
  sync_type: 'id',
  step: 'id',
  kind: 'text',
  seq: 'int?',
  status: 'text',
  triggered_by: 'text?',
  attempts: 'int',
  records_in: 'bigint?',
  records_out: 'bigint?',
  error: 'text?',
  cursor_json: 'json?',
  result_json: 'json?',
  started_at: 'instant?',
  completed_at: 'instant?',
  last_activity_at: 'instant',
  position: 'int?',
  code_version: 'text?',
} as const;

const updated = [
  'kind',
  'seq',
  'status',
  'triggered_by',
  'attempts',
  'records_in',
  'records_out',
  'error',
  'cursor_json',
  'result_json',
  'started_at',
  'completed_at',
  'last_activity_at',
  'position',
  'code_version',
] as const;

/** Longer errors are cut: a step's error is for people. */
const MAX_ERROR_LENGTH = 4000;

/** The rows after the write; `seq` goes on from the highest there is, in the order of the writes. */
function nextRows(run: RunRow, stored: readonly StepRow[], steps: readonly StepWrite[], at: Date): StepRow[] {
  let seq = Math.max(0, ...stored.map((row) => row.seq ?? 0));
  return steps.map((write) => {
    const before = stored.find((row) => row.step === write.step);
    const hasBegun = write.status !== 'pending';
    const isLive = write.status === 'pending' || write.status === 'running';
    const same = before?.status === write.status;
    return {
      run_id: run.id,
      sync_type: run.sync_type,
      step: write.step,
      kind: write.kind,
      seq: before?.seq ?? (hasBegun ? ++seq : null),
      status: write.status,
      triggered_by: write.triggeredBy === undefined ? (before?.triggered_by ?? null) : write.triggeredBy,
      attempts: attemptsAfter(before, write),
      records_in: write.recordsIn === undefined ? (before?.records_in ?? null) : write.recordsIn,
      records_out: write.recordsOut === undefined ? (before?.records_out ?? null) : write.recordsOut,
      error: write.error?.slice(0, MAX_ERROR_LENGTH) ?? null,
      cursor_json: write.cursor === undefined ? (before?.cursor_json ?? null) : write.cursor,
      result_json: write.result === undefined ? (before?.result_json ?? null) : write.result,
      started_at: before?.started_at ?? (hasBegun ? at : null),
      completed_at: isLive ? null : same ? before.completed_at : at,
      last_activity_at: at,
      position: write.position === undefined ? (before?.position ?? null) : write.position,
      code_version: write.codeVersion === undefined ? (before?.code_version ?? null) : write.codeVersion,
    };
  });
}

/** A step that begins to run, or is repeated, counts one attempt more; one that was told to retry (`error`) has begun again. */
function attemptsAfter(before: StepRow | undefined, write: StepWrite): number {
  const attempts = before?.attempts ?? 0;
  if (write.status === 'pending') return attempts;
  const begins = write.status === 'running' && before?.status !== 'running';
  return begins || before?.status === 'error' ? attempts + 1 : Math.max(1, attempts);
}

function toRow(row: StepRow) {
  return {
    ...row,
    cursor_json: row.cursor_json === null ? null : json(row.cursor_json),
    result_json: row.result_json === null ? null : json(row.result_json),
  };
}
