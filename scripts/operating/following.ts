import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../../shared/client/index.ts';
import { run } from '../../shared/contract/fleet.ts';
import { type WorkflowLogLine, workflowRunLogs } from '../../shared/contract/workflows.ts';
import { mayAnswerSoon, PATIENCE_MS } from './away.ts';
import { Ending } from './ending.ts';
import type { ExitName } from './exitCodes.ts';
import { given } from './given.ts';
import { listenForInterrupt } from './interruption.ts';
import { logLine } from './logLine.ts';
import type { Operator } from './operator.ts';

const POLL_MS = 1000;
/** A run's last lines are stored a moment after its end. */
const LOOKS_AFTER_END = 3;

/**
 * Prints a run's lines as they come, until it has ended. A server that has answered and then does not is waited for, a
 * minute at most. Throws an `Ending` on Ctrl-C, which the run does not hear of.
 */
export async function followLogs(
  operator: Operator,
  runId: string,
  level: string | undefined,
): Promise<ExitName> {
  const { signal, stop } = listenForInterrupt();
  const tail = openTail(operator.client, runId, level);
  let answeredMs = 0;
  let looksLeft = LOOKS_AFTER_END;
  try {
    for (;;) {
      try {
        const hasEnded = await look(operator, runId, tail, signal);
        if (hasEnded && (looksLeft -= 1) <= 0) return 'done';
        answeredMs = Date.now();
      } catch (failure) {
        if (!mayAnswerSoon(failure) || Date.now() - answeredMs > PATIENCE_MS) throw failure;
      }
      await sleep(POLL_MS, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Ending('interrupted', 'Following ended; the run goes on without it', { facts: { runId } });
  } finally {
    stop();
  }
}

/** Prints what is new. True: the run had ended before its lines were read. */
async function look(
  { client, screen }: Operator,
  runId: string,
  tail: Tail,
  signal: AbortSignal,
): Promise<boolean> {
  const { run: now } = await client.call(run, { params: { runId }, signal });
  for (let isLast = false; !isLast;) {
    const page = await tail.nextPage(signal);
    for (const line of page.lines) screen.stream(line, (layout) => logLine(line, layout));
    ({ isLast } = page);
  }
  return now.endedAt !== null;
}

interface Tail {
  /** Lines of a page that no earlier call gave, the oldest first. One that fails has taken none. */
  nextPage(
    signal: AbortSignal,
  ): Promise<{ readonly lines: readonly WorkflowLogLine[]; readonly isLast: boolean }>;
}

/** The last page is read again and again, as lines come to its end, and late ones into its middle. */
function openTail(client: Client, runId: string, level: string | undefined): Tail {
  let cursor: string | undefined;
  let shown = new Set<string>();
  return {
    nextPage: async (signal) => {
      const query = given({ level, cursor });
      const page = await client.call(workflowRunLogs, { params: { runId }, query, signal });
      const lines = keyed(page.lines);
      const fresh = lines.filter(([key]) => !shown.has(key)).map(([, line]) => line);
      const isLast = page.nextCursor === null;
      shown = new Set(isLast ? lines.map(([key]) => key) : []);
      cursor = page.nextCursor ?? cursor;
      return { lines: fresh, isLast };
    },
  };
}

/** Two equal lines are two: the second of a page has another key. */
function keyed(lines: readonly WorkflowLogLine[]): (readonly [string, WorkflowLogLine])[] {
  const seen = new Map<string, number>();
  return lines.map((line) => {
    const text = JSON.stringify(line);
    const count = seen.get(text) ?? 0;
    seen.set(text, count + 1);
    return [`${text}#${String(count)}`, line];
  });
}
