import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { type Client, createClient } from '../../shared/client/index.ts';
import {
  beginRun,
  completeRun,
  enrolAgent,
  heartbeat,
  type JobConfiguration,
} from '../../shared/contract/agents.ts';
import { approveAgent, pendingAgents } from '../../shared/contract/pendingAgents.ts';
import { agentKeyHash } from '../../shared/domain/agentKey.ts';

const PC = { platform: 'win32 x64', timeZone: 'Europe/Zurich', agentVersion: '1.0.0' };
const CODE_LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** An agent whose part the test itself plays, over the real API, with a key of its own. */
export interface HandAgent {
  readonly hostName: string;
  readonly pairingCode: string;
  /** Speaks with the agent's key. */
  readonly client: Client;
  /** How the request stands. */
  enrolment(): Promise<{ status: string; runnerId: string | null }>;
  /** Says that it is well; brings its jobs. */
  beat(): Promise<readonly JobConfiguration[]>;
  /** Reports a run that found these files gone before they were archived. */
  loseFiles(paths: readonly string[]): Promise<string>;
}

/** Asks for approval as an agent's first start does, as the runner that its configuration names, if any. */
export async function enrolHandAgent(url: string, hostName: string, runnerId?: string): Promise<HandAgent> {
  const key = randomBytes(32).toString('hex');
  const pairingCode = `${letters(4)}-${letters(4)}`;
  const instanceNonce = randomUUID();
  const client = createClient({ baseUrl: url, headers: () => ({ authorization: `Bearer ${key}` }) });
  const enrolment = () =>
    client.call(enrolAgent, {
      body: {
        keyHash: agentKeyHash(key),
        pairingCode,
        hostName,
        ...PC,
        ...(runnerId === undefined ? {} : { runnerId }),
        jobs: [
          {
            name: 'geometry',
            kind: 'geometry',
            sourcePath: `D:\\${hostName}`,
            sharePath: '',
            scheduleSeconds: 300,
            include: [],
            exclude: [],
            sourceCap: 1000,
          },
        ],
      },
    });
  const beat = async () =>
    (await client.call(heartbeat, { body: beatBody(hostName, instanceNonce) })).jobs ?? [];
  await enrolment();
  return {
    hostName,
    pairingCode,
    client,
    enrolment,
    beat,
    loseFiles: async (paths) => {
      const [job] = await beat();
      if (job === undefined) throw new Error(`${hostName} has no job; wanted: the one it enrolled with`);
      return loseFiles(client, job.jobId, paths);
    },
  };
}

/** An agent that an operator has let in under this name; also gives the runner's id. */
export async function approvedHandAgent(
  platform: { readonly url: string; readonly client: Client },
  name: string,
): Promise<HandAgent & { readonly runnerId: string }> {
  const agent = await enrolHandAgent(platform.url, name.toLowerCase());
  const { agents } = await platform.client.call(pendingAgents, {});
  const pending = agents.find(({ pairingCode }) => pairingCode === agent.pairingCode);
  if (pending === undefined) throw new Error(`no pending agent has the code ${agent.pairingCode}`);
  const params = { enrolmentId: pending.enrolmentId };
  const { runnerId } = await platform.client.call(approveAgent, { params, body: { name } });
  await agent.enrolment();
  await agent.beat();
  return { ...agent, runnerId };
}

function beatBody(hostName: string, instanceNonce: string) {
  return {
    instanceNonce,
    hostName,
    ...PC,
    status: 'idle' as const,
    active_jobs: [],
    azureFilesStatus: 'ok' as const,
    clock: new Date().toISOString(),
    credentialExpiresAt: null,
    acknowledgedCommandIds: [],
    jobs: [],
    inFlight: [],
  };
}

async function loseFiles(client: Client, jobId: string, paths: readonly string[]): Promise<string> {
  const correlationId = randomUUID();
  const { runId } = await client.call(beginRun, { body: { jobId, correlationId, trigger: 'schedule' } });
  const gone = {
    outcome: 'vanished' as const,
    sizeBytes: 20_000,
    mtimeMs: Date.now() - 3_600_000,
    sha256: null,
    archivedPath: null,
    etag: null,
    shareModifiedAt: null,
    bytesSent: 0,
    attempts: 1,
    error: 'deleted before it could be read',
  };
  await client.call(completeRun, {
    params: { runId },
    body: {
      correlationId,
      results: paths.map((path) => ({ path, ...gone })),
      closing: { expectedResults: paths.length, filesExamined: paths.length, error: null },
    },
  });
  return runId;
}

function letters(count: number): string {
  return Array.from({ length: count }, () => CODE_LETTERS.charAt(randomInt(CODE_LETTERS.length))).join('');
}
