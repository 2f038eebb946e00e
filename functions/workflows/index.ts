export { dispatchOverdueSlices } from './dispatch.ts';
export { slicesQueue } from './queue.ts';
export {
  type SliceContext,
  type SlicedRun,
  type SlicedWork,
  type SliceOutcome,
  type SliceProgress,
} from './slice.ts';
export { sendHint, workOnSlice } from './worker.ts';
