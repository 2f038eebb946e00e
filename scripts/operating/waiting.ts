import { setTimeout as sleep } from 'node:timers/promises';
import type { ResponseOf } from '../../shared/contract/endpoint.ts';
import { run } from '../../shared/contract/fleet.ts';
import { mayAnswerSoon, PATIENCE_MS } from './away.ts';
import { Ending } from './ending.ts';
import { listenForInterrupt } from './interruption.ts';
import type { Operator } from './operator.ts';
import { openProgress } from './progress.ts';

export type RunView = ResponseOf<typeof run>;

/** Short at first: many runs take no longer. */
const POLL_MS = [200, 300, 500, 1000, 2000] as const;

/**
 * Shows how a run gets on until it has ended. Throws an `Ending` after `timeoutMs`, on Ctrl-C, and when the server has
 * not answered for a minute; the run goes on in each case, and the words say so.
 */
export async function waitForEnd(operator: Operator, runId: string, timeoutMs: number): Promise<RunView> {
  const interrupt = listenForInterrupt();
  const progress = await openProgress(operator.screen);
  const untilMs = Date.now() + timeoutMs;
  let answeredMs = Date.now();
  try {
    for (let turn = 0; ; turn += 1) {
      const look = await lookAtRun(operator, runId, interrupt.signal);
      if (look.view !== undefined) {
        answeredMs = Date.now();
        progress.show(look.view);
        if (look.view.run.endedAt !== null) return look.view;
      }
      const isOver = Date.now() >= untilMs;
      if (look.view === undefined && (isOver || Date.now() - answeredMs > PATIENCE_MS))
        throw stillGoing('unreachable', runId, look.failure);
      if (isOver) throw stillGoing('timedOut', runId);
      await sleep(POLL_MS[turn] ?? POLL_MS[POLL_MS.length - 1], undefined, { signal: interrupt.signal });
    }
  } catch (error) {
    throw interrupt.signal.aborted ? stillGoing('interrupted', runId) : error;
  } finally {
    progress.stop();
    interrupt.stop();
  }
}

type Look = { readonly view: RunView } | { readonly view?: undefined; readonly failure: unknown };

/** A server that does not answer now may answer in a moment. */
async function lookAtRun({ client }: Operator, runId: string, signal: AbortSignal): Promise<Look> {
  try {
    return { view: await client.call(run, { params: { runId }, signal }) };
  } catch (failure) {
    if (mayAnswerSoon(failure)) return { failure };
    throw failure;
  }
}

const stillGoingTexts = {
  interrupted: 'Watching ended; the run goes on without it',
  timedOut: 'The time is over; the run goes on',
  unreachable: 'Nothing is heard of the run; it does not need this program and goes on',
} as const;

function stillGoing(exit: keyof typeof stillGoingTexts, runId: string, cause?: unknown): Ending {
  const hints = [
    `  look at it:   sync-tool run ${runId}`,
    `  wait again:   sync-tool run ${runId} --wait`,
    `  end it:       sync-tool workflow terminate ${runId}`,
  ];
  return new Ending(exit, stillGoingTexts[exit], { hints, facts: { runId }, cause });
}
