export { type Actor, type AuditEntry, recordAudit } from './auditLog.ts';
export { accessHandlers } from './endpoints.ts';
export { ensureFirstAdmin, type FirstAdmin } from './firstAdmin.ts';
export { createPersonalToken, type OwnerToken } from './ownerToken.ts';
