import type { Check } from '../check.ts';
import { agentAlive } from './agentAlive.ts';
import { agentVersion } from './agentVersion.ts';
import { backupAtRisk } from './backupAtRisk.ts';
import { checksumsPopulated } from './checksumsPopulated.ts';
import { clockSkew } from './clockSkew.ts';
import { dbHeadroom } from './dbHeadroom.ts';
import { indexMatchesShare } from './indexMatchesShare.ts';
import { jobsScheduled } from './jobsScheduled.ts';
import { jobsSucceeded } from './jobsSucceeded.ts';
import { noActiveAlerts } from './noActiveAlerts.ts';
import { noStaleOrphans } from './noStaleOrphans.ts';
import { notificationsDelivered } from './notificationsDelivered.ts';
import { snapshotsFresh } from './snapshotsFresh.ts';
import { statusHeartbeatRich } from './statusHeartbeatRich.ts';
import { timersOnTime } from './timersOnTime.ts';

/** The checks in the order in which they are reported: a file each, a line here. */
export const checks: readonly Check[] = [
  agentAlive,
  agentVersion,
  jobsScheduled,
  jobsSucceeded,
  noStaleOrphans,
  checksumsPopulated,
  statusHeartbeatRich,
  noActiveAlerts,
  backupAtRisk,
  indexMatchesShare,
  clockSkew,
  dbHeadroom,
  snapshotsFresh,
  notificationsDelivered,
  timersOnTime,
];
