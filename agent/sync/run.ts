import type { Client } from '../../shared/client/index.ts';
import { beginRun } from '../../shared/contract/agents.ts';
import type { Journal } from '../journal/journal.ts';
import type { AgentLog } from '../logging/log.ts';
import type { Run } from '../server/compare.ts';
import { isProblem, isServerAway, serverFaultText } from '../server/serverFault.ts';

export type Trigger = 'schedule' | 'command' | 'start';

export interface RunOptions {
  readonly client: Client;
  readonly journal: Journal;
  readonly log: AgentLog;
  readonly newCorrelationId: () => string;
}

/** A run that goes on, and what the server said with it. */
export interface BegunRun extends Run {
  /** Folders that are finished: a cheap look at each is enough. */
  readonly sealedFolders: readonly string[];
}

/**
 * Begins a job's run, or goes on with the one that an earlier process lost: its correlation id is on disk before the
 * server hears of it. Undefined when the server is away: then the agent decides by itself.
 */
export async function beginOrResume(
  jobId: string,
  trigger: Trigger,
  options: RunOptions,
): Promise<BegunRun | undefined> {
  try {
    return (await beginLive(jobId, trigger, options)) ?? (await beginLive(jobId, trigger, options));
  } catch (error) {
    if (!isServerAway(error)) throw error;
    options.log.warn({ jobId }, `The run goes on without the server: ${serverFaultText(error)}`);
    return undefined;
  }
}

async function correlationIdOf(jobId: string, { journal, newCorrelationId }: RunOptions): Promise<string> {
  const live = journal.contents.runs.get(jobId);
  if (live !== undefined) return live.correlationId;
  const correlationId = newCorrelationId();
  await journal.append([{ kind: 'run', jobId, correlationId }]);
  return correlationId;
}

/** Undefined when the run that was lost has ended meanwhile: another one has to be begun. */
async function beginLive(
  jobId: string,
  trigger: Trigger,
  options: RunOptions,
): Promise<BegunRun | undefined> {
  const correlationId = await correlationIdOf(jobId, options);
  try {
    const { runId, resumed, status, sealedFolders } = await options.client.call(beginRun, {
      body: { jobId, correlationId, trigger },
    });
    if (resumed) options.log.info({ jobId, runId, correlationId, status }, 'The run goes on');
    if (status === 'running')
      return { runId, correlationId, sealedFolders: sealedFolders.map(({ folder }) => folder) };
  } catch (error) {
    if (!isProblem(error, 'run-superseded')) throw error;
  }
  await options.journal.append([{ kind: 'run-closed', jobId }]);
  return undefined;
}
