import type { TimerHandler } from '../platform/timers/timer.ts';
import { backupAtRiskTimer } from './backupAtRisk.ts';
import { checksumsTimer } from './checksums.ts';
import { clockSkewTimer } from './clockSkew.ts';
import { credentialAgeTimer } from './credentialAge.ts';
import type { Workflows } from '../workflows/index.ts';
import { dispatchTimer } from './dispatch.ts';
import { expectedRunsTimer } from './expectedRuns.ts';
import { failedRunsTimer } from './failedRuns.ts';
import { offlineTimer } from './offline.ts';
import { orphansTimer } from './orphans.ts';
import { poisonTimer } from './poison.ts';
import { quotaTimer } from './quota.ts';
import { retentionTimer } from './retention.ts';
import { sealTimer } from './seal.ts';
import { shareAccessTimer } from './shareAccess.ts';
import { snapshotsTimer } from './snapshots.ts';
import { stalledTimer } from './stalled.ts';
import { stuckRunsTimer } from './stuckRuns.ts';
import { watchdogTimer } from './watchdog.ts';

export { platformDowntime } from './platformDowntime.ts';
export { sweeperHandlers } from './endpoints.ts';
export { type AllTimers, timerWatch, watchTimers } from './timerWatch.ts';

/** The timers of the control plane: a file each, a line here. */
export const sweeperTimers: readonly TimerHandler[] = [
  dispatchTimer,
  watchdogTimer,
  checksumsTimer,
  sealTimer,
  offlineTimer,
  stalledTimer,
  shareAccessTimer,
  clockSkewTimer,
  backupAtRiskTimer,
  poisonTimer,
  quotaTimer,
  credentialAgeTimer,
  snapshotsTimer,
  retentionTimer,
];

/** Those that look after durable workflows. */
export function workflowSweepers(workflows: Workflows): readonly TimerHandler[] {
  return [orphansTimer(workflows), expectedRunsTimer(workflows), stuckRunsTimer(workflows), failedRunsTimer];
}
