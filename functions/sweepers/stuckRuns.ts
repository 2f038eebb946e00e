import { reconcileFindings } from '../alerts/index.ts';
import type { Services } from '../platform/services.ts';
import type { TickReport, TimerHandler } from '../platform/timers/timer.ts';
import { findOverdueRuns, findStuckRuns, type Workflows } from '../workflows/index.ts';
import { platformDowntime, settlingSince } from './platformDowntime.ts';

const SOURCE = 'sweep-stuck-runs';

/**
 * Finds runs that are stuck (SPEC W8), and runs whose message nobody takes (O5). The platform's own downtime is left out, and
 * just after it nobody is judged: what was alerted before stays so.
 */
export function stuckRunsTimer(workflows: Workflows): TimerHandler {
  return {
    name: SOURCE,
    schedule: '30 * * * * *',
    work: (services) => sweepStuckRuns(services, workflows),
  };
}

export async function sweepStuckRuns(services: Services, workflows: Workflows): Promise<TickReport> {
  const at = services.now();
  const gaps = await platformDowntime(services, at);
  if (settlingSince(gaps, at) !== undefined) return { examined: 0, changed: 0 };
  const stuck = await findStuckRuns(services, workflows, gaps);
  const overdue = await findOverdueRuns(services, gaps);
  const findings = [...stuck.findings, ...overdue.findings];
  const { opened, reopened, resolved } = await reconcileFindings(services, { source: SOURCE, findings, at });
  return { examined: stuck.examined + overdue.examined, changed: opened + reopened + resolved };
}
