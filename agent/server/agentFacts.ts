import { arch, platform, release } from 'node:os';
import packageFile from '../../package.json' with { type: 'json' };

/** What the agent says of itself in enrolment and heartbeat. */
export interface AgentFacts {
  readonly hostName: string;
  readonly platform: string;
  readonly timeZone: string;
  readonly agentVersion: string;
}

export function agentFacts(named: { readonly hostName: string; readonly timeZone: string }): AgentFacts {
  return {
    hostName: named.hostName,
    timeZone: named.timeZone,
    platform: `${platform()} ${release()} ${arch()}`.slice(0, 200),
    agentVersion: packageFile.version,
  };
}
