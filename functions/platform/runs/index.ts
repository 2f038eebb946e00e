export { closeRun, type Closure, endRun, reviveRun, SUPERSEDED } from './lifecycle.ts';
export { lockRun, type RunRow } from './lockedRun.ts';
export { runColumns } from './runColumns.ts';
export { recordStateChange, type StateChange } from './stateChanges.ts';
export { findRun, runSummaryOf, type RunSummaryRow, selectRunSummaries, stepViewOf } from './summaries.ts';
export { type StepRow, stepsUpsert, type StepWrite } from './stepRows.ts';
export { foresee, type StepsAsLeft } from './stepsAsLeft.ts';
export {
  stepsOf,
  timeOutSteps,
  writeStep,
  writeSteps,
  writeStepsAfter,
  writeStepsOf,
} from './steps.ts';
export { tellRunEnd } from './tellRunEnd.ts';
export { writeContext, type WriteContext } from './writing.ts';
