import type { LogLevel } from '../../shared/contract/logs.ts';
import { type LoggedRun, recordRunLines, type RunLine } from '../logs/index.ts';
import type { LogFacts, Logger } from '../platform/logging.ts';
import type { Services } from '../platform/services.ts';
import type { SliceContext } from './slice.ts';

/** The log of one slice of a run: each line names the workflow, and the lines are kept with the run. */
export interface RunLog {
  readonly log: Logger;
  /** Hands the lines of this slice over to be kept. Never fails, and waits for nothing. */
  flush(): void;
}

/** Of one slice; more are counted. */
const MAX_LINES = 1000;
/** Errors are what people look for: of them as many again are kept when the others have used up what there is. */
const MAX_LINES_WITH_ERRORS = 2 * MAX_LINES;
const HAND_OVER_LINES = 200;
/** Whoever watches a run sees what it did no later than this. */
const HAND_OVER_MS = 2000;

/** A log whose lines carry the names of SPEC W5, go to the process's log, and are kept with the run (`GET /api/workflow-runs/{runId}/logs`). */
export function runLogger(services: Services, run: LoggedRun): Logger {
  return keptLogger(services, bind(services, run), {}, (line) => recordRunLines(services, run, [line]));
}

/** The same for a slice, whose lines are bounded. */
export function openRunLog({ run, services }: SliceContext): RunLog {
  const { slice } = run;
  let waiting: RunLine[] = [];
  let count = 0;
  let leftOut = 0;
  let timer: NodeJS.Timeout | undefined;
  const handOver = (): void => {
    clearTimeout(timer);
    timer = undefined;
    recordRunLines(services, run, waiting);
    waiting = [];
  };
  const keep = (line: RunLine): void => {
    if (count >= (line.level === 'Error' ? MAX_LINES_WITH_ERRORS : MAX_LINES)) {
      leftOut += 1;
      return;
    }
    count += 1;
    waiting.push(line);
    // An activity that takes long says nothing meanwhile: what was said before it must not wait for its end.
    timer ??= setTimeout(handOver, HAND_OVER_MS).unref();
    if (waiting.length >= HAND_OVER_LINES) handOver();
  };
  return {
    log: keptLogger(services, bind(services, run).child({ slice }), { slice }, keep),
    flush: () => {
      const message = `${String(leftOut)} lines of slice ${String(slice)} were left out here: there were more than are kept`;
      if (leftOut > 0) waiting.push({ at: services.now(), level: 'Warning', message, facts: { leftOut } });
      handOver();
    },
  };
}

function bind({ log }: Services, { runId, syncType, correlationId }: LoggedRun): Logger {
  return log.child({ workflowName: syncType, workflowId: runId, correlationId });
}

const order: readonly Services['settings']['LOG_LEVEL'][] = ['debug', 'info', 'warn', 'error'];

/** Says a line in the process's log and keeps what that would show. */
function keptLogger(services: Services, log: Logger, bound: LogFacts, keep: (line: RunLine) => void): Logger {
  const { settings, now } = services;
  const at =
    (method: 'debug' | 'info' | 'warn' | 'error', level: LogLevel) =>
    (message: string, facts: LogFacts = {}): void => {
      log[method](message, facts);
      if (order.indexOf(method) < order.indexOf(settings.LOG_LEVEL)) return;
      keep({ at: now(), level, message, facts: { ...bound, ...facts } });
    };
  return {
    debug: at('debug', 'Debug'),
    info: at('info', 'Information'),
    warn: at('warn', 'Warning'),
    error: at('error', 'Error'),
    child: (facts) => keptLogger(services, log.child(facts), { ...bound, ...facts }, keep),
  };
}
