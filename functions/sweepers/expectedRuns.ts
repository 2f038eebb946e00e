import { reconcileFindings } from '../alerts/index.ts';
import type { Services } from '../platform/services.ts';
import type { TickReport, TimerHandler } from '../platform/timers/timer.ts';
import { findNotStarted, keepLedger, type Workflows } from '../workflows/index.ts';
import { platformDowntime } from './platformDowntime.ts';

const SOURCE = 'sweep-expected-runs';

/** Finds cycles of scheduled workflows that never began (SPEC O1): each is a `stale` row in the feed, and an alert while it is the newest. */
export function expectedRunsTimer(workflows: Workflows): TimerHandler {
  return {
    name: SOURCE,
    schedule: '10 * * * * *',
    work: (services) => sweepExpectedRuns(services, workflows),
  };
}

export async function sweepExpectedRuns(services: Services, workflows: Workflows): Promise<TickReport> {
  const at = services.now();
  const { examined, missed } = await keepLedger(services, workflows, await platformDowntime(services, at));
  const findings = await findNotStarted(services, workflows);
  const { opened, reopened, resolved } = await reconcileFindings(services, { source: SOURCE, findings, at });
  return { examined, changed: missed + opened + reopened + resolved };
}
