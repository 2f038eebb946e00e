import type { Client, ProblemError } from '../../shared/client/index.ts';
import { completeRun } from '../../shared/contract/agents.ts';
import { foldPath } from '../../shared/domain/paths.ts';
import type { JournaledResult } from '../journal/entries.ts';
import type { Journal } from '../journal/journal.ts';
import type { AgentLog } from '../logging/log.ts';
import { chunked } from '../server/chunked.ts';
import type { Run } from '../server/compare.ts';
import { isMalformed, isProblem, isServerAway, serverFaultText } from '../server/serverFault.ts';
import type { Knowledge } from './knowledge.ts';
import { refusalText, refusedResult } from './refusedResult.ts';
import type { Verdict } from './verdict.ts';

/** The endpoint takes 1,000 results and 4 MiB at once. */
const CHUNK = { count: 500, bytes: 2 * 1024 * 1024 };
/** So many acknowledged results wait for the index to be written at most. */
const FLUSH_EVERY = 2000;
/** More refused results in one cycle are no accident: agent and server do not understand each other, and all wait. */
const MOST_SET_ASIDE = 100;

/**
 * Brings results to the server: journal first, then chunks, then the local index. A result leaves the journal only
 * after the server has acknowledged it and the index is on disk; until then it rides along with every later run.
 */
export interface Reporter {
  /** Resolves when the verdict is on disk. */
  add(verdict: Verdict): Promise<void>;
  /** Sends everything that waits; false when the server cannot be had. */
  send(): Promise<boolean>;
  /** What the server took is in the local index, on disk, when this resolves. */
  flush(): Promise<void>;
  /** Sends the rest and ends the run; false when the server did not take it. */
  close(closing: RunEnd): Promise<boolean>;
}

/** How a cycle ended: an error makes its run partial, or failed when nothing was archived. */
interface RunEnd {
  readonly filesExamined: number;
  readonly error: string | null;
}

export interface ReporterOptions {
  readonly client: Client;
  readonly jobId: string;
  readonly run: Run;
  readonly journal: Journal;
  readonly knowledge: Knowledge;
  readonly log: AgentLog;
  /** Begins the run again under its correlation id: the server has forgotten it. */
  readonly beginAgain: () => Promise<Run>;
}

/** Without a server: results are journalled, and a later run brings them. */
export function journalOnly(journal: Journal, jobId: string): Reporter {
  return {
    add: (verdict) => journalVerdict(journal, jobId, verdict),
    send: async () => false,
    flush: async () => undefined,
    close: async () => false,
  };
}

function journalVerdict(journal: Journal, jobId: string, { source, result }: Verdict): Promise<void> {
  const seq = journal.nextSeq();
  const { ctimeMs, fileId } = source;
  return journal.append([{ kind: 'result', seq, jobId, result, ctimeMs, fileId }]);
}

export function createReporter(options: ReporterOptions): Reporter {
  const { client, jobId, journal, knowledge, log } = options;
  let { run } = options;
  let sending: Promise<boolean> | undefined;
  let unflushed: JournaledResult[] = [];
  /** Results of this run that the server took, for the case that it lost them. */
  const taken = new Map<number, JournaledResult>();

  const flush = async () => {
    if (unflushed.length === 0) return;
    const done = unflushed;
    unflushed = [];
    knowledge.record(done);
    knowledge.flush();
    await journal.append([{ kind: 'acknowledged', seqs: done.map(({ seq }) => seq) }]);
  };
  const post = async (results: readonly JournaledResult[], closing?: Closing) => {
    const call = () =>
      client.call(completeRun, {
        params: { runId: run.runId },
        body: {
          correlationId: run.correlationId,
          results: results.map(({ result }) => result),
          ...(closing === undefined ? {} : { closing }),
        },
      });
    try {
      return await call();
    } catch (error) {
      if (!isProblem(error, 'run-unknown')) throw error;
      log.warn({ jobId, runId: run.runId }, 'The server does not know the run: it is begun again');
      run = await options.beginAgain();
      return call();
    }
  };
  const acknowledge = async (results: readonly JournaledResult[]) => {
    await journal.note({ kind: 'reported', jobId, keys: results.map(({ result }) => resultKey(result)) });
    for (const journaled of results) taken.set(journaled.seq, journaled);
    unflushed.push(...results);
    if (unflushed.length >= FLUSH_EVERY) await flush();
  };
  const waitingResults = () =>
    [...journal.contents.results.values()].filter((one) => one.jobId === jobId && !taken.has(one.seq));
  let refusedCount = 0;
  /** One result that the server refuses must not hold up the others: it is found by halving, and set aside. */
  const deliver = async (chunk: readonly JournaledResult[]): Promise<void> => {
    try {
      await post(chunk);
      await acknowledge(chunk);
    } catch (error) {
      if (!isMalformed(error) || refusedCount >= MOST_SET_ASIDE) throw error;
      const [first, ...others] = chunk;
      if (first !== undefined && others.length === 0) {
        await refuse(first, error);
        return;
      }
      const half = Math.ceil(chunk.length / 2);
      await deliver(chunk.slice(0, half));
      await deliver(chunk.slice(half));
    }
  };
  const refuse = async (journaled: JournaledResult, error: ProblemError) => {
    // Where nothing at all is taken, it is not this result that is at fault.
    await post([]);
    refusedCount += 1;
    const reason = refusalText(error);
    log.error({ jobId, path: journaled.result.path, reason }, 'The server refuses a result: it is set aside');
    await journal.setAside(journaled, reason);
    if (journaled.result.outcome === 'report_refused') return;
    const result = refusedResult(journaled.result, reason);
    await journal.append([{ ...journaled, kind: 'result', seq: journal.nextSeq(), result }]);
  };
  const sendAll = async (): Promise<boolean> => {
    try {
      for (let waiting = waitingResults(); waiting.length > 0; waiting = waitingResults())
        for (const chunk of chunked(waiting, CHUNK)) await deliver(chunk);
      return true;
    } catch (error) {
      if (!isServerAway(error) && !isMalformed(error)) throw error;
      const level = isMalformed(error) ? 'error' : 'warn';
      log[level]({ jobId }, `Results wait in the journal: ${serverFaultText(error)}`);
      return false;
    }
  };
  const send = () => {
    sending ??= sendAll().finally(() => {
      sending = undefined;
    });
    return sending;
  };
  const closeWith = async (closing: Closing) => {
    try {
      await post([], closing);
      return true;
    } catch (error) {
      if (isServerAway(error)) return false;
      throw error;
    }
  };
  const closeOnce = async (closing: RunEnd) =>
    (await send()) &&
    closeWith({ ...closing, expectedResults: journal.contents.runs.get(jobId)?.reported.size ?? 0 });
  /** Told everything that this process knows of, the server still misses results: only a restored database does that. */
  const closeAsItStands = async (closing: RunEnd, missing: ProblemError) => {
    const counted = Number(missing.problem.extra?.['countedResults'] ?? 0);
    const lost = `the server has lost results of this run that it had taken, as after a restore of its database: ${String(counted)} are left`;
    log.error({ jobId, runId: run.runId }, `The run is closed as it stands: ${lost}`);
    return closeWith({ ...closing, error: closing.error ?? lost, expectedResults: counted });
  };
  const closeMissing = async (closing: RunEnd) => {
    log.warn({ jobId, runId: run.runId }, 'The server misses results: all of this run are sent again');
    for (const chunk of chunked(taken.values(), CHUNK)) await post(chunk);
    try {
      return await closeOnce(closing);
    } catch (error) {
      if (!isProblem(error, 'results-missing')) throw error;
      return closeAsItStands(closing, error);
    }
  };
  return {
    add: (verdict) => journalVerdict(journal, jobId, verdict),
    send,
    flush,
    close: async (closing) => {
      try {
        return await closeOnce(closing);
      } catch (error) {
        if (!isProblem(error, 'results-missing')) throw error;
        return await closeMissing(closing);
      } finally {
        await flush();
      }
    },
  };
}

/** Results are counted as the server counts them: one a folded path, and one for each name that lost it to another. */
function resultKey({ outcome, path }: JournaledResult['result']): string {
  return outcome === 'name_case_conflict' ? `exact ${path}` : foldPath(path);
}

interface Closing extends RunEnd {
  readonly expectedResults: number;
}
