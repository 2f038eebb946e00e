import { type RunRow, writeContext, writeStep, writeStepsOf } from '../platform/runs/index.ts';
import type { SliceMessage } from '../platform/queues/sliceQueue.ts';
import type { Services } from '../platform/services.ts';
import { CHAIN_FAILED, CHAIN_MENDED } from './failureSteps.ts';
import { runLogger } from './runLog.ts';
import { lockWaitingRun } from './store.ts';

/** A queue hides a message for a week at most; what is due later, the dispatch sweeper sends. */
const MAX_DELAY_SECONDS = 6 * 24 * 3600;

/** What a message is sent for. */
export interface Link extends SliceMessage {
  /** The activity that the message leads to; null at the start. */
  readonly pointer: string | null;
  readonly delaySeconds?: number;
}

/**
 * Sends the message that leads on. A send that fails loses nothing, as the slice stands in the database: it is written down
 * as `chain_failed`, which makes the run `failed`, and the dispatch sweeper mends it when the queue answers again; unless somebody
 * has the slice by now, as the message arrived all the same or was sent by another too. False: it failed.
 */
export async function sendLink(
  services: Services,
  { pointer, delaySeconds = 0, ...message }: Link,
): Promise<boolean> {
  if (delaySeconds > MAX_DELAY_SECONDS) return true;
  try {
    await services.slices.send(message, Math.ceil(delaySeconds));
    return true;
  } catch (error) {
    services.log.warn('slice message could not be sent; the dispatch sweeper will', { ...message, error });
    await breakChain(services, message, pointer);
    return false;
  }
}

async function breakChain(services: Services, message: SliceMessage, pointer: string | null): Promise<void> {
  const error = `chain_break: queue send failed advancing to phase=${pointer ?? 'start'}`;
  const step = { step: CHAIN_FAILED, kind: 'failure', status: 'failed', error } as const;
  const context = writeContext(services);
  try {
    const broken = await services.database.transaction(async (tx) => {
      const waiting = await lockWaitingRun(tx, message, context);
      return waiting === undefined ? undefined : await writeStepsOf(tx, waiting, [step], context);
    });
    if (broken !== undefined) logOf(services, broken).error(error);
  } catch (cause) {
    services.log.error('a broken chain could not be written down either', {
      runId: message.runId,
      error: cause,
    });
  }
}

/** The queue takes messages again: the run goes on where it stood. */
export async function mendChain(services: Services, runId: string): Promise<RunRow> {
  const run = await writeStep(services.database.db, runId, CHAIN_MENDED, writeContext(services));
  logOf(services, run).info('the queue takes messages again: the run goes on', { activityName: run.pointer });
  return run;
}

function logOf(
  services: Services,
  { id: runId, sync_type: syncType, correlation_id: correlationId }: RunRow,
) {
  return runLogger(services, { runId, syncType, correlationId });
}
