export { logHandlers } from './endpoints.ts';
export { heartbeatHistory } from './heartbeats/history.ts';
export { recordHeartbeat } from './heartbeats/record.ts';
export { logRetentionTimer } from './retention.ts';
export { readRunLines } from './runLines/read.ts';
export { recordRunLines } from './runLines/record.ts';
export type { LoggedRun, RunLine } from './runLines/rows.ts';
