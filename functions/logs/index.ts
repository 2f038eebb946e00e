export { logHandlers } from './endpoints.ts';
export { heartbeatHistory } from './heartbeats/history.ts';
export { recordHeartbeat } from './heartbeats/record.ts';
export { logRetentionTimer } from './retention.ts';
