import type { StepWrite } from '../../platform/runs/index.ts';
import type { Visit } from './memory.ts';
import { type DurableSlice, stepOf } from './slice.ts';

/** A step that is done sooner is never shown as `running`: writing that down would cost as much as the step. */
const SHOWN_AFTER_MS = 100;

/** Shows a step as `running` while its work takes longer than a moment. What it throws is the work's. */
export async function announced<Result>(
  slice: DurableSlice,
  visited: Visit,
  kind: StepWrite['kind'] | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  let announcing: Promise<unknown> = Promise.resolve();
  const timer = setTimeout(() => {
    announcing = slice.context
      .show([{ ...stepOf(slice, visited, kind), status: 'running' }])
      // A lost lease, or a database that is away, is met again when the result is stored.
      .catch((error: unknown) => slice.log.debug('a step could not be shown as running', { error }));
  }, SHOWN_AFTER_MS);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    await announcing;
  }
}
