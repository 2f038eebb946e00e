import type { Db } from '../platform/database/index.ts';
import type { Services } from '../platform/services.ts';

/**
 * A slice is one bounded piece of a run's work, driven by one queue message `{runId, slice}`.
 *
 * The message is only a hint. A slice is claimed by compare-and-set on the run's slice number with a fresh token; what
 * it found is stored, together with the next slice's number, in one transaction that checks the token; then the next
 * message is sent. So a message that comes twice, late or never does no harm: a stale one is acknowledged without
 * effect, and the dispatch sweeper sends again what is overdue.
 */
export interface SlicedWork {
  /** The run's `sync_type`. */
  readonly syncType: string;
  /** Works until the budget is spent and says what to store; may be repeated after a crash, so it stores nothing itself. */
  runSlice(context: SliceContext): Promise<SliceOutcome>;
}

export interface SliceContext {
  readonly run: SlicedRun;
  readonly services: Services;
  /** When the slice should stop and hand over. */
  readonly deadline: Date;
  /** Keeps the lease during long work; cheap, so ask before each thing that may take seconds. Throws `LeaseLost` when another instance has the run, or it was terminated. */
  extendLease(): Promise<void>;
}

export interface SlicedRun {
  readonly runId: string;
  readonly organizationId: string;
  readonly syncType: string;
  readonly jobId: string | null;
  readonly slice: number;
  readonly payload: unknown;
  /** What the slice before left for this one; undefined in the first. */
  readonly cursor: unknown;
}

/** Figures of the run so far, shown while it goes on. */
export interface SliceProgress {
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly result: unknown;
}

export type SliceOutcome =
  | {
      readonly kind: 'continue';
      readonly cursor: unknown;
      readonly progress: SliceProgress;
      /** Writes the slice's effects in the transaction that checks the token. */
      readonly apply: (tx: Db) => Promise<void>;
    }
  | {
      readonly kind: 'finished';
      readonly status: 'complete' | 'failed';
      /** Why, for people; null when there is nothing to say. */
      readonly reason: string | null;
      readonly result: unknown;
      readonly progress: SliceProgress;
      readonly apply: (tx: Db) => Promise<void>;
    };

/** Another instance holds the run now, or it was ended: whatever was found is not stored. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** An error that repeating cannot mend: the run fails at once. */
export class PermanentSliceError extends Error {
  override readonly name = 'PermanentSliceError';
}
