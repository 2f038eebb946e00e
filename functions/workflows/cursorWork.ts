import type { StepWrite } from '../platform/runs/index.ts';
import { MAX_SLICE_ATTEMPTS, retryDelayMs } from './retryPolicy.ts';
import {
  LeaseLost,
  PermanentSliceError,
  type SliceContext,
  type SlicedWork,
  type SliceEffects,
  type SliceOutcome,
} from './slice.ts';
import { readCursor } from './store.ts';

/** The step under which such a run keeps its cursor and shows its figures. */
export const SLICES_STEP = 'slices';

/** Figures of the run so far, shown while it goes on. */
export interface SliceProgress {
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly result: unknown;
}

export type CursorOutcome =
  | {
      readonly kind: 'continue';
      readonly cursor: unknown;
      readonly progress: SliceProgress;
      /** Writes the slice's effects in the transaction that checks the token. */
      readonly apply: SliceEffects;
      /** When the next slice is due; at once unless said otherwise. */
      readonly nextAt?: Date;
    }
  | {
      readonly kind: 'finished';
      readonly status: 'complete' | 'failed';
      /** Why, for people; null when there is nothing to say. */
      readonly reason: string | null;
      readonly result: unknown;
      readonly progress: SliceProgress;
      readonly apply: SliceEffects;
    };

export interface CursorWork {
  readonly syncType: string;
  /** One slice's work from the cursor that the slice before left; undefined in the first. Stores nothing itself. */
  runSlice(context: SliceContext, cursor: unknown): Promise<CursorOutcome>;
}

/** Work that hands a cursor from slice to slice, all in one step. A slice that fails is repeated later, and then fails the run. */
export function cursorWork(work: CursorWork): SlicedWork {
  return {
    syncType: work.syncType,
    runSlice: async (context) => {
      try {
        const { runId, syncType } = context.run;
        const cursor = await readCursor(context.services.database.db, runId, syncType, SLICES_STEP);
        return outcomeOf(await work.runSlice(context, cursor));
      } catch (error) {
        if (error instanceof LeaseLost) throw error;
        return failure(context, error);
      }
    },
  };
}

function outcomeOf(outcome: CursorOutcome): SliceOutcome {
  const { recordsIn, recordsOut, result } = outcome.progress;
  const step = { step: SLICES_STEP, kind: 'work', recordsIn, recordsOut, result } as const;
  if (outcome.kind === 'continue') {
    const { apply, cursor, nextAt } = outcome;
    const steps = [{ ...step, status: 'running' as const, cursor }];
    return { kind: 'continue', steps, apply, ...(nextAt === undefined ? {} : { nextAt }) };
  }
  const { status, reason, apply } = outcome;
  const last: StepWrite = { ...step, status, error: status === 'failed' ? reason : null };
  return { kind: 'finished', steps: [last], reason, result: outcome.result, apply };
}

function failure({ run, services }: SliceContext, error: unknown): SliceOutcome {
  const reason = error instanceof Error ? error.message : String(error);
  services.log.error('slice failed', { runId: run.runId, slice: run.slice, syncType: run.syncType, error });
  const step = { step: SLICES_STEP, kind: 'work', error: reason } as const;
  if (error instanceof PermanentSliceError || run.attempts >= MAX_SLICE_ATTEMPTS) {
    return { kind: 'finished', steps: [{ ...step, status: 'failed' }], reason, result: { error: reason } };
  }
  const nextAt = new Date(services.now().getTime() + retryDelayMs(error, run.attempts));
  return { kind: 'retry', steps: [{ ...step, status: 'running' }], nextAt };
}
