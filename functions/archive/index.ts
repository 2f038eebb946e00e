export { type Approval, approveEnrolment } from './approval.ts';
export { archiveHandlers } from './endpoints.ts';
