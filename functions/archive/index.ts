export { type Approval, approveEnrolment } from './approval.ts';
export { archiveHandlers } from './endpoints.ts';
export { reconcileWork } from './reconcile/work.ts';
export { startReconcile } from './reconcile/start.ts';
export { changeJob, type JobDecision } from './jobs.ts';
