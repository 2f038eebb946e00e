import { ageText } from '../../shared/domain/age.ts';
import { silenceMs } from '../../shared/domain/downtime.ts';
import { timeOutSteps, writeContext } from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import type { TickReport, TimerHandler } from '../platform/timers/timer.ts';
import { platformDowntime } from './platformDowntime.ts';
import { readRunsWithRunningStep, type RunWithRunningStep } from './stores/runningSteps.ts';

const MAX_PER_TICK = 1000;

/**
 * Marks steps as `timed_out` of which nothing was heard for `STEP_BUDGET_MINUTES` (SPEC S2): by the run's last sign of life,
 * so that a healthy long step is left alone. It marks, and neither repeats nor pages; whoever writes the step later overwrites the mark.
 */
export const watchdogTimer: TimerHandler = {
  name: 'sweep-watchdog',
  schedule: '5 * * * * *',
  plausibleIdleHours: 14 * 24,
  work: sweepWatchdog,
};

export async function sweepWatchdog(services: Services): Promise<TickReport> {
  const { db } = services.database;
  const now = services.now();
  const budgetMs = services.settings.STEP_BUDGET_MINUTES * 60_000;
  const runs = await readRunsWithRunningStep(db, now, MAX_PER_TICK);
  const gaps = await platformDowntime(services, now);
  let changed = 0;
  for (const run of runs) {
    const silentMs = silenceMs(run.silentSince, now, gaps);
    if (run.isWaiting || silentMs <= budgetMs) continue;
    if (await timeOutOne(services, run, silentMs)) changed += 1;
  }
  return { examined: runs.length, changed };
}

/** One bad row never stops the loop. */
async function timeOutOne(services: Services, run: RunWithRunningStep, silentMs: number): Promise<boolean> {
  const { runId, version } = run;
  const reason = `watchdog_swept: no sign of life for ${ageText(silentMs)}`;
  try {
    const context = writeContext(services);
    return (await timeOutSteps(services.database.db, { runId, version, reason }, context)) !== undefined;
  } catch (error) {
    services.log.error('a step could not be marked as timed out', { runId, error });
    return false;
  }
}
