import type { z } from 'zod';
import type { alertView, JobView, RunnerView } from '../../shared/contract/fleet.ts';
import { assessRunner, type AzureFilesStatus } from '../../shared/domain/fleetRisk.ts';
import { presenceOf } from '../../shared/domain/presence.ts';
import { isLossOf } from './jobViews.ts';
import type { AlertRow, RunnerRow } from './store/runners.ts';

/** A runner with its jobs as pages show it; its risk is the worst of what is known of it. */
export function runnerViewOf(
  row: RunnerRow,
  jobs: readonly JobView[],
  alerts: readonly AlertRow[],
  now: Date,
): RunnerView {
  const azureFilesStatus = shareStatusOf(row.azure_files_status);
  const enabled = jobs.filter((job) => job.enabled);
  return {
    runnerId: row.id,
    name: row.name,
    hostName: row.host_name,
    group: row.group_name,
    platform: row.platform,
    timeZone: row.time_zone,
    address: row.address,
    status: row.status,
    presence: presenceOf(row.last_heartbeat, now),
    agentVersion: row.agent_version,
    generation: row.generation,
    lastHeartbeatAt: row.last_heartbeat?.toISOString() ?? null,
    activeJobs: row.active_jobs,
    azureFilesStatus,
    clockOffsetMs: row.clock_offset_ms,
    credentialExpiresAt: row.credential_expires_at?.toISOString() ?? null,
    risk: assessRunner(
      {
        status: row.status,
        lastHeartbeatAt: row.last_heartbeat,
        azureFilesStatus,
        clockOffsetMs: row.clock_offset_ms,
        backlogCount: enabled.reduce((sum, job) => sum + (job.backlogCount ?? 0), 0),
        jobs: enabled.map(({ name, risk }) => ({ name, risk })),
        criticalAlerts: criticalTitles(row.id, enabled, alerts),
      },
      now,
    ),
    jobs: [...jobs],
  };
}

/** Titles of this runner's critical alerts, those left out that a job's risk tells with its numbers. */
function criticalTitles(runnerId: string, jobs: readonly JobView[], alerts: readonly AlertRow[]): string[] {
  const ofRunner = alerts.filter((alert) => alert.severity === 'critical' && alert.runner_id === runnerId);
  const untold = ofRunner.filter((alert) => !jobs.some((job) => isLossOf(job.jobId, alert)));
  return untold.map((alert) => alert.title);
}

const shareStatuses: readonly AzureFilesStatus[] = ['ok', 'auth_failure', 'unreachable', 'throttled', 'full'];

function shareStatusOf(stored: string | null): AzureFilesStatus | null {
  return shareStatuses.find((status) => status === stored) ?? null;
}

export function alertViewOf(row: AlertRow): z.infer<typeof alertView> {
  return {
    alertId: row.id,
    severity: row.severity,
    title: row.title,
    detail: row.detail,
    status: row.status,
    count: row.seen_count,
    runnerId: row.runner_id,
    jobId: row.job_id,
    openedAt: row.opened_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
  };
}
