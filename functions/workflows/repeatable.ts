import type { StepStatus } from '../../shared/domain/runStatus.ts';
import type { RunRow } from '../platform/runs/index.ts';

const FAILED: ReadonlySet<StepStatus> = new Set<StepStatus>(['failed', 'timed_out', 'error']);

/** Statuses from which a run goes on at its last good activity. `terminated` is for good. */
export const RETRYABLE: readonly RunRow['status'][] = ['failed', 'stale', 'partial'];

/** A step that comes again when its run is retried. */
export function isFailed({ status }: { readonly status: StepStatus }): boolean {
  return FAILED.has(status);
}

/**
 * Whether a retry would do anything: a run that came to its end and is only in doubt about what it read has no activity left, and would
 * end the same without asking its source again.
 */
export function hasRetry(
  { status }: Pick<RunRow, 'status'>,
  steps: readonly { readonly status: StepStatus }[],
): boolean {
  return RETRYABLE.includes(status) && (status !== 'partial' || steps.some(isFailed));
}
