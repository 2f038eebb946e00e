import { bulkRetryWork } from './bulkRetry/work.ts';
import { durableWork } from './durable/durableWork.ts';
import type { Workflows } from './registry.ts';
import type { SlicedWork } from './slice.ts';

/** All sliced work that workflows bring along. */
export function workflowSlices(workflows: Workflows): readonly SlicedWork[] {
  return [...workflows.map(durableWork), bulkRetryWork(workflows)];
}
