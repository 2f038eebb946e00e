export { sendLink } from './chain.ts';
export { findDoubtedRuns } from './findings/doubtedRuns.ts';
export { findFailedRuns } from './findings/failedRuns.ts';
export { findOverdueRuns } from './findings/overdueRuns.ts';
export { findStuckRuns } from './findings/stuckRuns.ts';
export { findPoison } from './poison/findings.ts';
export { cursorWork, type CursorOutcome, type SliceProgress } from './cursorWork.ts';
export { dispatchOverdueSlices } from './dispatch.ts';
export { WorkflowFault } from './durable/fault.ts';
export { outcome } from './durable/outcome.ts';
export type {
  Activity,
  FetchedPage,
  Pages,
  PagesTotal,
  Workflow,
  WorkflowContext,
} from './durable/workflow.ts';
export { workflowHandlers } from './endpoints.ts';
export { tellItsWorkflow, type Workflows } from './registry.ts';
export { runLogger } from './runLog.ts';
export { findNotStarted } from './schedule/findings.ts';
export { keepLedger } from './schedule/ledger.ts';
export { workflowTimers } from './schedule/timers.ts';
export { slicesQueue } from './queue.ts';
export { type SliceContext, type SlicedWork } from './slice.ts';
export { workflowSlices } from './workflowSlices.ts';
export { workOnSlice } from './worker.ts';
