import { randomBytes } from 'node:crypto';
import { createClient } from '../../shared/client/index.ts';
import { beginRun, compareRun, enrolAgent } from '../../shared/contract/agents.ts';
import { runner } from '../../shared/contract/fleet.ts';
import { approveAgent } from '../../shared/contract/pendingAgents.ts';
import { agentKeyHash } from '../../shared/domain/agentKey.ts';
import { type BenchPlatform, startBenchPlatform } from './platform.ts';
import { median, printFigure } from './report.ts';

const FILES = 20_000;
const ROUNDS = 5;

/** P2: a manifest of 20,000 files compared by the real control plane on PostgreSQL, request and answer included. */
export async function benchCompare(): Promise<void> {
  const platform = await startBenchPlatform();
  try {
    const { agent, jobId } = await enrolled(platform);
    const files = Array.from({ length: FILES }, (_, index) => ({
      path: `2026-11-22/ARGO1_20261122_${String(index).padStart(6, '0')}.geo`,
      sizeBytes: 300_000 + index,
      mtimeMs: 1_795_000_000_000 + index,
    }));
    const took: number[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const correlationId = crypto.randomUUID();
      const { runId } = await agent.call(beginRun, { body: { jobId, correlationId, trigger: 'schedule' } });
      const body = { correlationId, folders: [{ folder: '2026-11-22', digest: null, files }] };
      const startedAt = performance.now();
      const answer = await agent.call(compareRun, { params: { runId }, body });
      if (round > 0) took.push(performance.now() - startedAt);
      if (answer.needed.length !== FILES)
        throw new Error(`compare asked for ${String(answer.needed.length)} of ${String(FILES)} files`);
    }
    printFigure({
      id: 'P2',
      what: '20,000-file manifest answered (PostgreSQL)',
      value: median(took),
      unit: 'ms',
      atMost: 150,
    });
  } finally {
    await platform.stop();
  }
}

async function enrolled(platform: BenchPlatform) {
  const key = randomBytes(32).toString('base64url');
  const clientWith = (token: string) =>
    createClient({ baseUrl: platform.url, headers: () => ({ authorization: `Bearer ${token}` }) });
  const operator = clientWith(platform.credentials.operator.token);
  const agent = clientWith(key);
  const { enrolmentId } = await agent.call(enrolAgent, {
    body: {
      keyHash: agentKeyHash(key),
      pairingCode: 'BNCH-0001',
      hostName: 'BENCH',
      platform: 'bench',
      timeZone: 'UTC',
      agentVersion: '0.1.0',
      jobs: [
        {
          name: 'job',
          kind: 'tree',
          sourcePath: '/bench',
          sharePath: '',
          scheduleSeconds: 300,
          include: [],
          exclude: [],
          sourceCap: null,
        },
      ],
    },
  });
  const { runnerId } = await operator.call(approveAgent, { params: { enrolmentId }, body: {} });
  const view = await operator.call(runner, { params: { runnerId } });
  const jobId = view.runner.jobs[0]?.jobId;
  if (jobId === undefined) throw new Error('the approved agent has no job');
  return { agent, jobId };
}
