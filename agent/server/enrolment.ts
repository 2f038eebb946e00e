import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../../shared/client/index.ts';
import { enrolAgent, type ProposedJob } from '../../shared/contract/agents.ts';
import { agentKeyHash } from '../../shared/domain/agentKey.ts';
import { AgentEnd, exitCodes } from '../exitCodes.ts';
import type { AgentLog } from '../logging/log.ts';
import { backoffMs } from '../schedule/backoff.ts';
import type { IdentityStore } from '../state/identity.ts';
import type { AgentFacts } from './agentFacts.ts';
import { ENROLMENT_PAUSE, retryAfterMs } from './retry.ts';
import { endIfTold, isProblem, isServerAway, serverFaultText } from './serverFault.ts';

export interface EnrolmentOptions {
  readonly client: Client;
  readonly identity: IdentityStore;
  readonly facts: AgentFacts;
  readonly runnerId: string | undefined;
  readonly jobs: readonly ProposedJob[];
  /** Overrides how often the server wants to be asked. */
  readonly pollSeconds: number | undefined;
  readonly log: AgentLog;
  readonly signal: AbortSignal;
}

/**
 * Registers the agent and waits until an operator has decided; returns when approved. Only the key's hash travels.
 * Throws `AgentEnd` when rejected or superseded. Waits for a server that does not answer.
 */
export async function enrol(options: EnrolmentOptions): Promise<void> {
  const { log, identity, signal } = options;
  let announced = false;
  let failures = 0;
  for (;;) {
    let waitMs: number;
    try {
      const { status, runnerId, pollSeconds } = await ask(options);
      failures = 0;
      if (status === 'approved' && runnerId !== null) {
        identity.change({ runnerId });
        log.info({ runnerId }, 'The agent is approved');
        return;
      }
      if (status === 'rejected')
        throw new AgentEnd(
          exitCodes.rejected,
          'an operator rejected this agent; wanted: approval on the dashboard',
        );
      if (status === 'expired') {
        identity.startAnew();
        announced = false;
        log.warn('The enrolment expired before anybody approved it: the agent enrols again');
      }
      if (!announced) log.info({ pairingCode: identity.current.pairingCode }, 'Waiting for approval');
      announced = true;
      waitMs = (options.pollSeconds ?? pollSeconds) * 1000;
    } catch (error) {
      endIfTold(error);
      if (!isServerAway(error) && !isProblem(error, 'too-many-pending')) throw error;
      failures += 1;
      waitMs = backoffMs(ENROLMENT_PAUSE, failures, Math.random, retryAfterMs(error));
      log.warn(`Enrolment failed: ${serverFaultText(error)}`);
    }
    await sleep(waitMs, undefined, { signal });
  }
}

function ask({ client, identity, facts, runnerId, jobs, signal }: EnrolmentOptions) {
  return client.call(enrolAgent, {
    signal,
    body: {
      keyHash: agentKeyHash(identity.current.key),
      pairingCode: identity.current.pairingCode,
      ...(runnerId === undefined ? {} : { runnerId }),
      ...facts,
      jobs: [...jobs],
    },
  });
}
