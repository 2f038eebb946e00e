import type { Client } from '../../shared/client/index.ts';
import { completeRun } from '../../shared/contract/agents.ts';
import { foldPath } from '../../shared/domain/paths.ts';
import type { JournaledResult } from '../journal/entries.ts';
import type { Journal } from '../journal/journal.ts';
import type { AgentLog } from '../logging/log.ts';
import { chunked } from '../server/chunked.ts';
import type { Run } from '../server/compare.ts';
import { isProblem, isServerAway, serverFaultText } from '../server/serverFault.ts';
import type { Knowledge } from './knowledge.ts';
import type { Verdict } from './verdict.ts';

/** The endpoint takes 1,000 results and 4 MiB at once. */
const CHUNK = { count: 500, bytes: 2 * 1024 * 1024 };
/** So many acknowledged results wait for the index to be written at most. */
const FLUSH_EVERY = 2000;

/**
 * Brings results to the server: journal first, then chunks, then the local index. A result leaves the journal only
 * after the server has acknowledged it and the index is on disk; until then it rides along with every later run.
 */
export interface Reporter {
  /** Resolves when the verdict is on disk. */
  add(verdict: Verdict): Promise<void>;
  /** Sends everything that waits; false when the server cannot be had. */
  send(): Promise<boolean>;
  /** Sends the rest and ends the run; false when the server did not take it. */
  close(closing: { filesExamined: number; error: string | null }): Promise<boolean>;
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
  const sendAll = async (): Promise<boolean> => {
    try {
      for (let waiting = waitingResults(); waiting.length > 0; waiting = waitingResults())
        for (const chunk of chunked(waiting, CHUNK)) {
          await post(chunk);
          await acknowledge(chunk);
        }
      return true;
    } catch (error) {
      if (!isServerAway(error)) throw error;
      log.warn({ jobId }, `Results wait in the journal: ${serverFaultText(error)}`);
      return false;
    }
  };
  const send = () => {
    sending ??= sendAll().finally(() => {
      sending = undefined;
    });
    return sending;
  };
  const closeOnce = async (closing: { filesExamined: number; error: string | null }) => {
    if (!(await send())) return false;
    const expectedResults = journal.contents.runs.get(jobId)?.reported.size ?? 0;
    try {
      await post([], { ...closing, expectedResults });
      return true;
    } catch (error) {
      if (isServerAway(error)) return false;
      throw error;
    }
  };
  return {
    add: (verdict) => journalVerdict(journal, jobId, verdict),
    send,
    close: async (closing) => {
      try {
        return await closeOnce(closing);
      } catch (error) {
        if (!isProblem(error, 'results-missing')) throw error;
        log.warn({ jobId, runId: run.runId }, 'The server misses results: all of this run are sent again');
        for (const chunk of chunked(taken.values(), CHUNK)) await post(chunk);
        return await closeOnce(closing);
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

interface Closing {
  readonly expectedResults: number;
  readonly filesExamined: number;
  readonly error: string | null;
}
