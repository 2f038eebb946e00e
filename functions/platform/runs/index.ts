export { closeRun, type Closure, endRun, reviveRun, SUPERSEDED } from './lifecycle.ts';
export { lockRun, type RunRow } from './lockedRun.ts';
export { recordStateChange, type StateChange } from './stateChanges.ts';
export { stepsOf, type StepRow, type StepWrite, timeOutSteps, writeStep, writeSteps } from './steps.ts';
export { writeContext, type WriteContext } from './writing.ts';
