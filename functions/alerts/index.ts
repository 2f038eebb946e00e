export { raiseAlert, resolveAlert } from './alert.ts';
export { alertHandlers } from './endpoints.ts';
export { fingerprints } from './causes.ts';
export { databaseWatchTimer } from './databaseWatch/watch.ts';
export type { Finding, FindingReport, FindingScope, ReconcileOutcome } from './finding.ts';
export { reconcileFindings } from './reconcile.ts';
export { flaps } from './resolve.ts';
export { type Report, type ReportTable, sendReport } from './report.ts';
export { alertTimers } from './timers.ts';
