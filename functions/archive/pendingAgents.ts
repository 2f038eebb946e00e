import { z } from 'zod';
import type { PendingAgent } from '../../shared/contract/pendingAgents.ts';
import type { Services } from '../platform/services.ts';
import { listPending } from './store/enrolments.ts';

const shownJobs = z.array(z.object({ name: z.string(), kind: z.string(), sourcePath: z.string() }));

/** Agents that wait for approval, longest first; never more than may wait. */
export async function readPendingAgents(
  services: Services,
  organizationId: string,
): Promise<{ now: string; agents: PendingAgent[] }> {
  const now = services.now();
  const bound = services.settings.PENDING_AGENTS_MAX;
  const rows = await listPending(services.database.db, organizationId, now, bound);
  const asked = Map.groupBy(rows, (row) => row.replaces_runner_id);
  const isAlone = (row: WaitingRow) => asked.get(row.replaces_runner_id)?.length === 1;
  return { now: now.toISOString(), agents: rows.map((row) => toView(row, isAlone(row))) };
}

type WaitingRow = Awaited<ReturnType<typeof listPending>>[number];

function toView(row: WaitingRow, isAlone: boolean): PendingAgent {
  const isVacant = row.replaced_key === null;
  return {
    enrolmentId: row.id,
    hostName: row.host_name,
    address: row.address,
    pairingCode: row.pairing_code,
    platform: row.platform,
    agentVersion: row.agent_version,
    requestedRunnerId: row.requested_runner_id,
    replaces:
      row.replaces_runner_id === null || isVacant
        ? null
        : {
            runnerId: row.replaces_runner_id,
            name: row.replaced_name ?? row.replaces_runner_id,
            lastHeartbeatAt: row.replaced_heartbeat?.toISOString() ?? null,
          },
    isExpected: row.replaces_runner_id !== null && isVacant && isAlone,
    jobs: shownJobs.parse(row.proposed_jobs_json),
    createdAt: row.created_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  };
}
