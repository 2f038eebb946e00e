import { mkdirSync, writeFileSync } from 'node:fs';
import { type Client, createClient } from '../../shared/client/index.ts';
import { approveAgent, pendingAgents } from '../../shared/contract/pendingAgents.ts';
import type { DataFolder } from './data-folder.ts';
import type { PlatformOptions } from './options.ts';

/** One agent of the local platform: an instrument of the simulator, or a real folder. */
export interface LocalAgent {
  readonly runnerId: string;
  readonly stateDir: string;
  readonly configFile: string;
  /** By how much its PC's clock is wrong. */
  readonly clockSkewSeconds: number;
}

/** The simulator keeps at most this many files an instrument. */
export const INSTRUMENT_CAP = 400;

/** Writes each agent's configuration and says which agents to start; they are spread over the servers in turn. */
export function prepareAgents(
  options: PlatformOptions,
  data: DataFolder,
  serverUrls: readonly [string, ...string[]],
): LocalAgent[] {
  const agents = Array.from({ length: options.fleetSize }, (_, index) => {
    const name = `ARGO${String(index + 1)}`;
    return prepareAgent(data, serverUrls[index % serverUrls.length] ?? serverUrls[0], {
      name,
      clockSkewSeconds: options.clockSkewSeconds.get(name.toLowerCase()) ?? 0,
      job: {
        name: 'geometry',
        kind: 'geometry',
        sourcePath: data.at('fleet', name),
        sourceCap: INSTRUMENT_CAP,
      },
    });
  });
  if (options.sourceDir !== undefined) {
    agents.push(
      prepareAgent(data, serverUrls[0], {
        name: 'SOURCE',
        clockSkewSeconds: 0,
        job: { name: 'source', kind: 'tree', sourcePath: options.sourceDir, sourceCap: null },
      }),
    );
  }
  return agents;
}

interface AgentPlan {
  readonly name: string;
  readonly clockSkewSeconds: number;
  readonly job: { name: string; kind: 'geometry' | 'tree'; sourcePath: string; sourceCap: number | null };
}

/** Short times, so that a person who watches sees it work; an instrument PC keeps the agent's own defaults. */
function prepareAgent(data: DataFolder, serverUrl: string, plan: AgentPlan): LocalAgent {
  const runnerId = plan.name.toLowerCase();
  const stateDir = data.at('agents', runnerId);
  const configFile = data.at('agents', `${runnerId}.json`);
  mkdirSync(stateDir, { recursive: true });
  // An agent that is quicker than its instrument would report a failed run of a folder that is not there yet.
  mkdirSync(plan.job.sourcePath, { recursive: true });
  const configuration = {
    server: serverUrl,
    runnerId,
    hostName: plan.name,
    quietSeconds: 5,
    lateWriteSeconds: 6,
    enrolPollSeconds: 1,
    concurrency: 4,
    jobs: [{ ...plan.job, sharePath: '', scheduleSeconds: 20, include: [], exclude: [] }],
  };
  writeFileSync(configFile, `${JSON.stringify(configuration, null, 2)}\n`);
  return { runnerId, stateDir, configFile, clockSkewSeconds: plan.clockSkewSeconds };
}

/** Approves this platform's own agents as they ask, by the operator's token; strangers wait for a person. */
export function approveOwnAgents(options: {
  readonly serverUrl: string;
  readonly token: string;
  readonly agents: readonly LocalAgent[];
  readonly onProblem: (error: unknown) => void;
}): { stop(): void } {
  const own = new Set(options.agents.map((agent) => agent.runnerId));
  const client = createClient({
    baseUrl: options.serverUrl,
    headers: () => ({ authorization: `Bearer ${options.token}` }),
  });
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const tick = (): void => {
    approveOnce(client, own)
      .catch(options.onProblem)
      .finally(() => {
        if (!stopped) timer = setTimeout(tick, 1_000);
      })
      .catch(options.onProblem);
  };
  if (own.size > 0) tick();
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

async function approveOnce(client: Client, own: ReadonlySet<string>): Promise<void> {
  const { agents } = await client.call(pendingAgents, {});
  for (const agent of agents) {
    if (agent.requestedRunnerId === null || !own.has(agent.requestedRunnerId)) continue;
    if (!isLoopback(agent.address)) continue;
    await client.call(approveAgent, { params: { enrolmentId: agent.enrolmentId }, body: {} });
  }
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.replace(/^::ffff:/, '').startsWith('127.');
}
