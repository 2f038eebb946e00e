export { sendLink } from './chain.ts';
export { cursorWork, type CursorOutcome, type SliceProgress } from './cursorWork.ts';
export { dispatchOverdueSlices } from './dispatch.ts';
export { durableWork } from './durable/durableWork.ts';
export { workflowHandlers } from './endpoints.ts';
export type { Workflows } from './registry.ts';
export { slicesQueue } from './queue.ts';
export { type SliceContext, type SlicedWork } from './slice.ts';
export { workOnSlice } from './worker.ts';
