import { isAgentVersionSupported, SUPPORTED_AGENT_MAJORS } from '../../shared/domain/agentVersion.ts';
import { Problem } from '../platform/http/problem.ts';

/** Throws `agent-version-unsupported` for an agent whose protocol this server does not speak. */
export function refuseUnsupportedVersion(agentVersion: string): void {
  if (isAgentVersionSupported(agentVersion)) return;
  const { oldest, newest } = SUPPORTED_AGENT_MAJORS;
  throw new Problem(
    'agent-version-unsupported',
    `The agent is of version ${agentVersion}; this server speaks with ${String(oldest)}.x to ${String(newest)}.x. Update the server first, then its agents.`,
  );
}
