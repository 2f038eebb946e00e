import type { RunRow } from './lockedRun.ts';
import { statusAfter } from './status.ts';
import { nextRows, type StepRow, type StepWrite, toSent } from './stepRows.ts';

/** A run and its steps as one transaction left them, for the next one of the same writer. */
export interface StepsAsLeft {
  /** Whoever writes to a run or its steps moves its version in the same transaction: moved by one, nobody else has written. */
  readonly run: RunRow;
  /** Those that were written last have their cursor and result; the others are outlined. */
  readonly steps: readonly StepRow[];
  readonly whole: ReadonlySet<string>;
}

/** What a write leaves, of rows that it found and rows that it made. */
export function leftBy(run: RunRow, stored: readonly StepRow[], written: readonly StepRow[]): StepsAsLeft {
  const whole = new Set(written.map(({ step }) => step));
  const untouched = stored.filter(({ step }) => !whole.has(step));
  return { run, steps: [...untouched.map(outlined), ...written], whole };
}

/** Whether it holds all that new rows of these steps are made from. */
export function holdsWhole({ steps, whole }: StepsAsLeft, names: readonly string[]): boolean {
  return !names.some((name) => !whole.has(name) && steps.some(({ step }) => step === name));
}

/** Large results are not kept in memory for the sake of a status. */
function outlined(row: StepRow): StepRow {
  return row.cursor_json === null && row.result_json === null
    ? row
    : { ...row, cursor_json: null, result_json: null };
}

/** A write that is known before the database is asked, on condition that nobody writes in between. */
export interface Foreseen {
  readonly row: ReturnType<typeof toSent>;
  readonly left: StepsAsLeft;
}

/**
 * What writing a step would store, and leave. Undefined where that has to be found out: what was left is not all that
 * it takes, or the run's status would change, which is told in more than one table.
 */
export function foresee(before: StepsAsLeft | undefined, step: StepWrite, at: Date): Foreseen | undefined {
  if (before === undefined || !holdsWhole(before, [step.step])) return undefined;
  const { run } = before;
  const written = nextRows(run, before.steps, [step], at);
  const left = leftBy(run, before.steps, written);
  const after = statusAfter(run, left.steps);
  const [row] = written.map(toSent);
  if (row === undefined || after.status !== run.status) return undefined;
  return { row, left: { ...left, run: { ...run, ...after, version: run.version + 1 } } };
}
