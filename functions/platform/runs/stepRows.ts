import type { Selectable } from 'kysely';
import type { StepKind, StepStatus } from '../../../shared/domain/runStatus.ts';
import { json } from '../database/index.ts';
import type { SyncStepsTable } from '../database/tables/runs.ts';
import type { RunRow } from './lockedRun.ts';

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

/** How steps are written, a row each, all of it that is new. */
export const stepsUpsert = {
  table: 'sync_steps',
  columns,
  key: ['run_id', 'sync_type', 'step'],
  update: updated,
} as const;

/** Longer errors are cut: a step's error is for people. */
const MAX_ERROR_LENGTH = 4000;

/** The rows after the write; `seq` goes on from the highest there is, in the order of the writes. */
export function nextRows(
  run: Pick<RunRow, 'id' | 'sync_type'>,
  stored: readonly StepRow[],
  steps: readonly StepWrite[],
  at: Date,
): StepRow[] {
  let seq = Math.max(0, ...stored.map((row) => row.seq ?? 0));
  return steps.map((write) => {
    const before = stored.find((row) => row.step === write.step);
    // Its writer knows nothing of it: the answer to the write that stored it was lost on the way.
    if (before?.status === 'complete' && write.status === 'error') return before;
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

/** As it is sent. */
export function toSent(row: StepRow) {
  return {
    ...row,
    cursor_json: row.cursor_json === null ? null : json(row.cursor_json),
    result_json: row.result_json === null ? null : json(row.result_json),
  };
}
