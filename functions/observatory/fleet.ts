import type { ResponseOf } from '../../shared/contract/endpoint.ts';
import type * as contract from '../../shared/contract/fleet.ts';
import { assessFleet } from '../../shared/domain/fleetRisk.ts';
import { Problem } from '../platform/http/problem.ts';
import type { Services } from '../platform/services.ts';
import { readJobViews } from './jobViews.ts';
import { alertViewOf, runnerViewOf } from './runnerViews.ts';
import { inFlightOf } from './runViews.ts';
import { countArchivedByHour, countPendingAgents, readOpenAlerts, readRunnerRows } from './store/runners.ts';
import { readInFlight } from './store/runs.ts';

type FleetView = ResponseOf<typeof contract.fleet>;

const HOUR_MS = 3_600_000;
const HOURS = 24;

/** Every instrument of an organization at a glance, with the one sentence that says whether anything is at risk. */
export async function readFleet(services: Services, organizationId: string): Promise<FleetView> {
  const { db } = services.database;
  const now = services.now();
  const since = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS - (HOURS - 1) * HOUR_MS);
  const alerts = await readOpenAlerts(db, organizationId);
  const [rows, jobs, pendingAgents, byHour] = await Promise.all([
    readRunnerRows(db, { organizationId }),
    readJobViews(services, { organizationId }, alerts, now),
    countPendingAgents(db, organizationId, now),
    countArchivedByHour(db, organizationId, since),
  ]);
  const runners = rows.map((row) => runnerViewOf(row, jobs.get(row.id) ?? [], alerts, now));
  const platformAlerts = alerts.filter((alert) => alert.severity === 'critical' && alert.runner_id === null);
  return {
    risk: assessFleet({
      runners: runners.map(({ name, status, risk, jobs: own }) => ({
        name,
        isCounted: status === 'active',
        risk,
        purges: own.filter((job) => job.enabled).map(({ forecast }) => forecast),
      })),
      pendingAgents,
      criticalAlerts: platformAlerts.map((alert) => alert.title),
    }),
    now: now.toISOString(),
    pendingAgents,
    runners,
    alerts: alerts.map(alertViewOf),
    archivedPerHour: runners.map(({ runnerId }) => ({ runnerId, hours: hoursOf(runnerId, byHour) })),
  };
}

/** One instrument with its jobs and the files in flight. Throws `not-found`, also for another organization's. */
export async function readRunner(
  services: Services,
  organizationId: string,
  runnerId: string,
): Promise<ResponseOf<typeof contract.runner>> {
  const { db } = services.database;
  const now = services.now();
  const scope = { organizationId, runnerId };
  const [[row], alerts] = await Promise.all([readRunnerRows(db, scope), readOpenAlerts(db, organizationId)]);
  if (row === undefined) throw new Problem('not-found', `There is no runner ${runnerId}.`);
  const [jobs, inFlight] = await Promise.all([
    readJobViews(services, scope, alerts, now),
    readInFlight(db, scope),
  ]);
  return {
    now: now.toISOString(),
    runner: runnerViewOf(row, jobs.get(runnerId) ?? [], alerts, now),
    inFlight: inFlight.map(inFlightOf),
  };
}

function hoursOf(runnerId: string, counted: Awaited<ReturnType<typeof countArchivedByHour>>): number[] {
  const hours = Array.from({ length: HOURS }, () => 0);
  for (const { runner_id, hour, files } of counted) {
    if (runner_id === runnerId && hour >= 0 && hour < HOURS) hours[hour] = files;
  }
  return hours;
}
