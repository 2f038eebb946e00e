import { reconcileFindings } from '../alerts/index.ts';
import type { Services } from '../platform/services.ts';
import type { TickReport, TimerHandler } from '../platform/timers/timer.ts';
import { findDoubtedRuns, findFailedRuns } from '../workflows/index.ts';

const SOURCE = 'sweep-failed-runs';

/** Tells of runs of workflows that failed, fell silent (SPEC W12) or brought too little (W11), until they are made good. */
export const failedRunsTimer: TimerHandler = {
  name: SOURCE,
  schedule: '25 * * * * *',
  work: sweepFailedRuns,
};

export async function sweepFailedRuns(services: Services): Promise<TickReport> {
  const at = services.now();
  const failed = await findFailedRuns(services);
  const doubted = await findDoubtedRuns(services);
  const findings = [...failed.findings, ...doubted.findings];
  const { opened, reopened, resolved } = await reconcileFindings(services, { source: SOURCE, findings, at });
  return { examined: failed.examined + doubted.examined, changed: opened + reopened + resolved };
}
