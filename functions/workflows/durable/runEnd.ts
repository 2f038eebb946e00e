import { ApiError, asApiError } from '../../platform/outbound/apiError.ts';
import type { StepWrite } from '../../platform/runs/index.ts';
import { FATAL } from '../failureSteps.ts';
import type { SliceOutcome } from '../slice.ts';
import { WorkflowFault } from './fault.ts';

/** What a failed run says of itself: `result_json`. */
export interface RunFailure {
  readonly message: string;
  /** Null where no third party is to blame: the workflow's own code or data said stop. */
  readonly tag: string | null;
  readonly activity: string | null;
  /** The other side's words, as they came. */
  readonly cause: unknown;
}

/** The end of a run that failed for good; `steps` are those that say why, and a `fatal` one where none of work does. */
export function endOf(error: unknown, steps: readonly StepWrite[], activity: string | null): SliceOutcome {
  const failure = failureOf(error, activity);
  const isSaid = steps.some((step) => step.kind === 'work');
  const fatal: StepWrite = { step: FATAL, kind: 'failure', status: 'failed', error: failure.message };
  return {
    kind: 'finished',
    steps: isSaid ? steps : [...steps, fatal],
    reason: failure.message,
    result: failure,
    errorTag: failure.tag,
  };
}

function failureOf(error: unknown, activity: string | null): RunFailure {
  if (error instanceof WorkflowFault) return { message: error.message, tag: null, activity, cause: null };
  const { tag, message, api } = asApiError(error);
  return { message, tag, activity, cause: error instanceof ApiError ? api : null };
}
