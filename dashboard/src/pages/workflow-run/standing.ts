import type { ResponseOf } from '../../../../shared/contract/endpoint.ts';
import type { workflowRun } from '../../../../shared/contract/workflows.ts';

export type WorkflowRunAnswer = ResponseOf<typeof workflowRun>;

/** What a run that goes on waits for. */
export interface Standing {
  readonly kind: 'sleeps' | 'retries' | 'works' | 'due' | 'broken';
  /** When it goes on; null where it is at work. */
  readonly at: string | null;
}

type Where = Pick<WorkflowRunAnswer, 'run' | 'nextSliceAt' | 'steps'>;

/** Undefined: it does not go on by itself. */
export function standingOf({ run, nextSliceAt, steps }: Where, nowMs: number): Standing | undefined {
  if (run.endedAt !== null) return undefined;
  if (run.status === 'failed') return { kind: 'broken', at: null };
  if (run.status !== 'running') return undefined;
  if (nextSliceAt !== null && Date.parse(nextSliceAt) > nowMs)
    return { kind: steps.some((step) => step.status === 'error') ? 'retries' : 'sleeps', at: nextSliceAt };
  if (steps.some((step) => step.status === 'running')) return { kind: 'works', at: null };
  return { kind: 'due', at: nextSliceAt };
}
