export { type Actor, recordAudit } from './auditLog.ts';
export { accessHandlers } from './endpoints.ts';
export { ensureFirstAdmin } from './firstAdmin.ts';
export { createPersonalToken } from './ownerToken.ts';
