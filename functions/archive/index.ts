export { type Approval } from './approval.ts';
export { archiveHandlers } from './endpoints.ts';
export { findSealCandidates, sealIfDue } from './seals/due.ts';
export { reconcileWork } from './reconcile/work.ts';
export { changeJob, type JobDecision } from './jobs.ts';
export { revokeDue } from './revocations.ts';
export { changeRunner } from './runnerChange.ts';
