import { silenceMs } from '../../shared/domain/downtime.ts';
import { closeRun, type RunRow, writeContext } from '../platform/runs/index.ts';
import type { Services } from '../platform/services.ts';
import type { TickReport, TimerHandler } from '../platform/timers/timer.ts';
import { runLogger, tellItsWorkflow, type Workflows } from '../workflows/index.ts';
import { platformDowntime } from './platformDowntime.ts';
import { quietRuns } from './store.ts';

const MAX_PER_TICK = 200;

/**
 * Closes runs that nobody hears of any more as `stale` (SPEC S1). A late writer revives its run, so a wrong closing
 * loses nothing; compare-and-set on the version keeps it from closing a run that spoke meanwhile.
 */
export function orphansTimer(workflows: Workflows): TimerHandler {
  return {
    name: 'sweep-orphans',
    schedule: '0 */5 * * * *',
    work: (services) => sweepOrphans(services, workflows),
  };
}

/** `workflows`: who is to hear of the end of a run of theirs. */
export async function sweepOrphans(services: Services, workflows: Workflows): Promise<TickReport> {
  const { db } = services.database;
  const now = services.now();
  const limitMs = services.settings.ORPHAN_MINUTES * 60_000;
  const quiet = await quietRuns(db, new Date(now.getTime() - limitMs), MAX_PER_TICK);
  if (quiet.length === 0) return { examined: 0, changed: 0 };
  const gaps = await platformDowntime(services, now);
  let changed = 0;
  for (const run of quiet) {
    const silence = silenceMs(run.silentSince, now, gaps);
    if (silence < limitMs) continue;
    if (await closeOneOrphan(services, workflows, run, silence)) changed += 1;
  }
  return { examined: quiet.length, changed };
}

/** One bad row never stops the loop. */
async function closeOneOrphan(
  services: Services,
  workflows: Workflows,
  run: { readonly runId: string; readonly version: number },
  silence: number,
): Promise<boolean> {
  const reason = `no sign of life for ${String(Math.round(silence / 60_000))} min`;
  try {
    const closure = { runId: run.runId, version: run.version, status: 'stale', reason } as const;
    const context = writeContext(services);
    const closed = await services.database.transaction(async (tx) => {
      const row = await closeRun(tx, closure, context);
      if (row !== undefined) await tellItsWorkflow(workflows, row, tx, context);
      return row;
    });
    if (closed !== undefined && closed.code_version !== null) sayInItsLog(services, closed, reason);
    return closed !== undefined;
  } catch (error) {
    services.log.error('a run could not be closed as stale', { runId: run.runId, error });
    return false;
  }
}

/** The log of a workflow's run tells its whole life, this end as well. */
function sayInItsLog(services: Services, run: RunRow, reason: string): void {
  const { id: runId, sync_type: syncType, correlation_id: correlationId } = run;
  runLogger(services, { runId, syncType, correlationId }).warn('run closed as stale', { reason });
}
