import type { Logger } from '../../platform/logging.ts';
import type { SliceContext } from '../slice.ts';

/** The log of one slice of a run: each line names the workflow, and the lines are kept with the run. */
export interface RunLog {
  readonly log: Logger;
  /** Keeps the lines of this slice. Never throws: a log that cannot be kept ends no run. */
  flush(): Promise<void>;
}

export function openRunLog({ run, services }: SliceContext): RunLog {
  const { runId: workflowId, syncType: workflowName, correlationId, slice } = run;
  const log = services.log.child({ workflowName, workflowId, correlationId, slice });
  return { log, flush: () => Promise.resolve() };
}
