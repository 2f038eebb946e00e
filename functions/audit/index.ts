export { auditHandlers } from './endpoints.ts';
export { auditTimers } from './timers.ts';
