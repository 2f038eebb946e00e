import { asApiError } from '../../platform/outbound/apiError.ts';
import type { StepWrite } from '../../platform/runs/index.ts';
import { MAX_SLICE_ATTEMPTS, retryDelayMs } from '../retryPolicy.ts';
import { LeaseLost } from '../slice.ts';
import { WorkflowFault } from './fault.ts';
import { commit, type DurableSlice, stepOf } from './slice.ts';
import type { Visit } from './memory.ts';
import { endOf } from './runEnd.ts';
import type { ActivityOptions } from './workflow.ts';

/**
 * An activity failed. What repeating may mend ends the slice and is due again later; what it cannot, or has not, fails
 * the run, or, where the activity may fail, is stored as its end: then this returns.
 */
export async function failActivity(
  slice: DurableSlice,
  visited: Visit,
  error: unknown,
  options: ActivityOptions,
): Promise<void> {
  const { context, endings } = slice;
  if (error instanceof LeaseLost) endings.end({ error });
  const api = asApiError(error);
  const isPermanent = api.isPermanent || error instanceof WorkflowFault;
  const text = error instanceof WorkflowFault ? error.message : `${api.tag}: ${api.message}`;
  const step: StepWrite = { ...stepOf(slice, visited, options.kind), status: 'error', error: text };
  log(slice, visited, error);
  if (!isPermanent && slice.attempts < MAX_SLICE_ATTEMPTS) {
    const nextAt = new Date(context.services.now().getTime() + retryDelayMs(api, slice.attempts));
    endings.end({ outcome: { kind: 'retry', steps: [step], nextAt } });
  }
  const failed: StepWrite = { ...step, status: 'failed' };
  if (options.mayFail !== true) endings.end({ outcome: endOf(error, [failed], visited.name) });
  await commit(slice, [failed]);
}

function log({ log: lines, attempts }: DurableSlice, { name }: Visit, error: unknown): void {
  const { tag, api } = asApiError(error);
  lines.error('activity failed', {
    activityName: name,
    errorTag: error instanceof WorkflowFault ? null : tag,
    'error.cause': api,
    attempt: attempts,
    error,
  });
}
