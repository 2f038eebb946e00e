import { redactText } from '../logging/redact.ts';
import { tellEvent } from '../telemetry/customEvents.ts';
import type { Services } from '../services.ts';
import { dueAtOf } from './dueAt.ts';
import { claimTick, recordTickEnd } from './tickStore.ts';
import type { TickReport, TimerHandler } from './timer.ts';

const MAX_ERROR_LENGTH = 2000;

/** What became of a tick: `rival` means that another instance, or an earlier run of this one, had it. */
export type TickOutcome = 'done' | 'rival' | 'failed';

/**
 * Runs one tick: claims it by its due time, does the work, records how it ended. A failure is recorded and logged,
 * never thrown on, and holds nothing that the next tick would stumble over. Rejects only when the database does not
 * answer: then nothing was claimed, or the record stays without an end, which the audit reports.
 */
export async function runTick(timer: TimerHandler, services: Services): Promise<TickOutcome> {
  const startedAt = services.now();
  const tick = { timerName: timer.name, dueAt: dueAtOf(timer.schedule, startedAt) };
  const { db } = services.database;
  const log = services.log.child({ timer: timer.name, dueAt: tick.dueAt });
  if (!(await claimTick(db, { ...tick, instanceId: services.instanceId, startedAt }))) {
    log.debug('tick was taken by another instance');
    return 'rival';
  }
  const tell = (outcome: 'done' | 'failed', did?: TickReport): void => {
    const durationMs = services.now().getTime() - startedAt.getTime();
    const { examined = null, changed = null } = did ?? {};
    tellEvent('sweep_finished', { timer: timer.name, outcome, durationMs, examined, changed });
  };
  let report: TickReport;
  try {
    report = await timer.work(services, { dueAt: tick.dueAt });
  } catch (error) {
    log.error('tick failed', { error });
    await recordTickEnd(db, tick, { finishedAt: services.now(), error: errorText(error) });
    tell('failed');
    return 'failed';
  }
  await recordTickEnd(db, tick, { finishedAt: services.now(), report });
  tell('done', report);
  log.debug('tick done', { ...report });
  return 'done';
}

function errorText(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return redactText(text).slice(0, MAX_ERROR_LENGTH);
}
