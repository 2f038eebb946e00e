import type { Db } from '../platform/database/index.ts';
import type { RunRow, StepWrite, WriteContext } from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';

/**
 * A slice is one bounded piece of a run's work, driven by one queue message `{runId, slice}`.
 *
 * The message is only a hint. A slice is claimed by compare-and-set on the run's slice number with a fresh token; what
 * it found is stored, together with the next slice's number, in transactions that check the token; then the next
 * message is sent. So a message that comes twice, late or never does no harm: a stale one is acknowledged without
 * effect, and the dispatch sweeper sends again what is overdue.
 *
 * Two kinds of work stand on it: `cursorWork`, which hands a cursor from slice to slice, and durable workflows
 * (`durable/`), which remember their activities.
 */
export interface SlicedWork {
  /** The run's `sync_type`. */
  readonly syncType: string;
  /**
   * Works until the deadline and says what to store; may be repeated after a crash. Stores effects only in the outcome's
   * `apply` or by `context.commit`. Throws `LeaseLost`, or an error of the database; every other failure is an outcome.
   */
  runSlice(context: SliceContext): Promise<SliceOutcome>;
  /** Part of the transaction in which a run of it ends. */
  onEnd?(run: RunRow, tx: Db, context: WriteContext): Promise<void>;
}

export interface SliceContext {
  readonly run: SlicedRun;
  readonly services: Services;
  /** When the slice should stop and hand over. */
  readonly deadline: Date;
  /** Keeps the lease during long work; cheap, so ask before each thing that may take seconds. Throws `LeaseLost` when another instance has the run, or it was terminated. */
  extendLease(): Promise<void>;
  /**
   * Stores steps, and effects if there are any, in the middle of a slice: one transaction that checks the token. A function
   * may run again after a deadlock. Gives the run's status: `running`, or `paused` when somebody paused it meanwhile.
   */
  commit(write: readonly StepWrite[] | SliceWrite): Promise<RunRow['status']>;
  /** Shows steps in the middle of a slice, which is no progress: the count of attempts goes on. */
  show(steps: readonly StepWrite[]): Promise<unknown>;
}

/** Writes effects and says which steps to store with them. */
export type SliceWrite = (tx: Db, context: WriteContext) => Promise<readonly StepWrite[]>;

export interface SlicedRun {
  readonly runId: string;
  readonly organizationId: string;
  readonly syncType: string;
  readonly correlationId: string;
  readonly jobId: string | null;
  readonly slice: number;
  readonly payload: unknown;
  readonly trigger: RunRow['trigger_kind'];
  readonly startedAt: Date;
  /** Tries since something was last stored, this one included; from 1. */
  readonly attempts: number;
}

/** Runs in the transaction that checks the token. */
export type SliceEffects = (tx: Db) => Promise<void>;

export type SliceOutcome =
  | {
      /** There is more to do: in another slice, at once or at `nextAt`. */
      readonly kind: 'continue';
      readonly steps: readonly StepWrite[];
      readonly apply?: SliceEffects;
      readonly nextAt?: Date;
      /** The activity at which the next slice goes on. */
      readonly pointer?: string;
    }
  | {
      readonly kind: 'finished';
      readonly steps: readonly StepWrite[];
      readonly apply?: SliceEffects;
      /** Why, for people; null when there is nothing to say. */
      readonly reason: string | null;
      readonly result: unknown;
      /** Why its records are not to be believed. */
      readonly doubt?: string | null;
      readonly errorTag?: string | null;
    }
  | {
      /** It failed, and the same slice is due again at `nextAt`. */
      readonly kind: 'retry';
      readonly steps: readonly StepWrite[];
      readonly nextAt: Date;
    };

/** Another instance holds the run now, or it was ended: whatever was found is not stored. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** An error that repeating cannot mend: the run fails at once. */
export class PermanentSliceError extends Error {
  override readonly name = 'PermanentSliceError';
}
