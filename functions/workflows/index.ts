export { dispatchOverdueSlices } from './dispatch.ts';
export {
  LeaseLost,
  PermanentSliceError,
  type SliceContext,
  type SlicedRun,
  type SlicedWork,
  type SliceOutcome,
} from './slice.ts';
export { CURSOR_STEP, sendHint, workOnSlice } from './worker.ts';
