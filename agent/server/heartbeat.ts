import type { Client } from '../../shared/client/index.ts';
import {
  type AgentCommand,
  type Credential,
  type FileInFlight,
  heartbeat,
  type JobConfiguration,
} from '../../shared/contract/agents.ts';
import type { BodyOf } from '../../shared/contract/endpoint.ts';
import type { AgentLog } from '../logging/log.ts';
import type { AzureFilesStatus } from '../share/shareHealth.ts';
import type { AgentFacts } from './agentFacts.ts';
import { heartbeatPauses, retryAfterMs } from './retry.ts';
import { endIfTold, isProblem, serverFaultText } from './serverFault.ts';

type HeartbeatBody = BodyOf<typeof heartbeat>;
export type AgentStatus = HeartbeatBody['status'];
export type JobGauges = HeartbeatBody['jobs'][number];

/** What the agent is doing at the moment of a heartbeat. */
export interface AgentCondition {
  readonly status: AgentStatus;
  readonly activeJobs: string[];
  readonly azureFilesStatus: AzureFilesStatus;
  readonly credentialExpiresAt: string | null;
  readonly jobs: JobGauges[];
  readonly inFlight: FileInFlight[];
}

/** What an answer brings; each is called before the next heartbeat is sent. */
export interface HeartbeatEffects {
  readonly credentials: (credentials: readonly Credential[]) => void;
  readonly jobs: (jobs: readonly JobConfiguration[]) => void;
  readonly command: (command: AgentCommand) => void;
  /** The server does not know the key: its database was rebuilt, or the agent was removed. */
  readonly keyUnknown: () => Promise<void>;
}

export interface HeartbeatOptions {
  readonly client: Client;
  readonly facts: AgentFacts;
  readonly instanceNonce: string;
  readonly condition: () => AgentCondition;
  readonly effects: HeartbeatEffects;
  /** Overrides what the server asks for. */
  readonly everySeconds: number | undefined;
  readonly now: () => Date;
  readonly log: AgentLog;
}

export interface Heartbeat {
  /** Beats until the signal; rejects with `AgentEnd` when the server ends this agent's rights. */
  run(signal: AbortSignal): Promise<void>;
  /** Beats as soon as the present beat is over. */
  soon(): void;
  /** One last beat, `stopping`; failures are only logged. */
  last(signal: AbortSignal): Promise<void>;
}

const DEFAULT_SECONDS = 60;

export function createHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { client, facts, effects, log } = options;
  const acknowledged = new Set<string>();
  let seconds = options.everySeconds ?? DEFAULT_SECONDS;
  let wake: (() => void) | undefined;
  let wanted = false;
  let pauses = heartbeatPauses(seconds);

  const beat = async (status: AgentStatus | undefined, signal: AbortSignal) => {
    const { activeJobs, ...condition } = options.condition();
    const sent = [...acknowledged].slice(0, 100);
    const answer = await client.call(heartbeat, {
      signal,
      body: {
        instanceNonce: options.instanceNonce,
        ...facts,
        ...condition,
        status: status ?? condition.status,
        active_jobs: activeJobs.slice(0, 100),
        clock: options.now().toISOString(),
        acknowledgedCommandIds: sent,
      },
    });
    for (const id of sent) acknowledged.delete(id);
    seconds = options.everySeconds ?? Math.max(1, answer.heartbeatSeconds);
    if (answer.credentials !== undefined) effects.credentials(answer.credentials);
    // Without a word about them they are those that the agent named: none, if it named none.
    const jobs = answer.jobs ?? (condition.jobs.length === 0 ? [] : undefined);
    if (jobs !== undefined) effects.jobs(jobs);
    for (const command of answer.commands) {
      // The server repeats a command until its id came back: carried out once is enough.
      if (sent.includes(command.commandId)) continue;
      effects.command(command);
      acknowledged.add(command.commandId);
    }
    if (acknowledged.size > 0) wanted = true;
  };
  const beatOrLog = async (signal: AbortSignal) => {
    try {
      await beat(undefined, signal);
      pauses = heartbeatPauses(seconds);
    } catch (error) {
      signal.throwIfAborted();
      endIfTold(error);
      log.warn(`Heartbeat failed: ${serverFaultText(error)}`);
      pauses = heartbeatPauses(seconds, { retryAfterMs: retryAfterMs(error), random: Math.random });
      if (isProblem(error, 'agent-key-unknown')) await effects.keyUnknown();
    }
  };
  const pause = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, wanted ? pauses.earlyMs : pauses.usualMs);
      signal.addEventListener('abort', done);
      wake = () => {
        clearTimeout(timer);
        setTimeout(done, pauses.earlyMs);
        wake = undefined;
      };
    });
  return {
    run: async (signal) => {
      while (!signal.aborted) {
        wanted = false;
        await beatOrLog(signal);
        await pause(signal);
      }
    },
    soon: () => {
      wanted = true;
      wake?.();
    },
    last: async (signal) => {
      try {
        await beat('stopping', signal);
      } catch (error) {
        log.warn(`Heartbeat failed: ${serverFaultText(error)}`);
      }
    },
  };
}
