import type { WorkflowKind } from '../../../../shared/contract/workflows.ts';

/** Its newest run did not come to its end, or failed there: triggering lets it go on from its pointer. */
export function isUnfinished(lastRun: WorkflowKind['lastRun']): boolean {
  return lastRun !== null && lastRun.status !== 'complete' && lastRun.status !== 'terminated';
}
