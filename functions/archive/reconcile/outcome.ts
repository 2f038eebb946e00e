import type { CursorOutcome, SliceContext, SliceProgress } from '../../workflows/index.ts';
import type { VisitedDirectory } from './directory.ts';
import type { ReconcileCursor, ReconcileTotals } from './state.ts';

type Apply = CursorOutcome['apply'];

const nothing: Apply = async () => Promise.resolve();

export function goOn(cursor: ReconcileCursor, apply: Apply = nothing): CursorOutcome {
  return { kind: 'continue', cursor, progress: progressOf(cursor.totals), apply };
}

/** Ends the run: whole, or with the reason why something that was asked for was not done. */
export function finished(
  totals: ReconcileTotals,
  refusal: string | null,
  apply: Apply = nothing,
): CursorOutcome {
  const status = refusal === null ? 'complete' : 'failed';
  return { kind: 'finished', status, reason: refusal, result: totals, progress: progressOf(totals), apply };
}

function progressOf(totals: ReconcileTotals): SliceProgress {
  const recordsOut = totals.added + totals.replaced + totals.refreshed + totals.removed;
  return { recordsIn: totals.filesListed, recordsOut, result: totals };
}

/** Bounds one slice's transaction: about two seconds of writing. */
const MAX_CHANGES = 20_000;

/** Says when a slice has found enough or worked long enough; every directory counts as a change. */
export function sliceBudget(context: SliceContext) {
  let changes = 0;
  return {
    spend: ({ difference }: VisitedDirectory): void => {
      const { added, outdated, missing } = difference;
      changes += 1 + added.length + outdated.length + missing.length;
    },
    left: (): boolean => changes < MAX_CHANGES && context.services.now() < context.deadline,
  };
}
